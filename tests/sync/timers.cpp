#include "timers.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "sync/look_up_scan.hpp"
#include "sync/product_scan.hpp"
#include "sync/pull_applier.hpp"

namespace metakocka::sync::testing {

class MemoryFactory::Started final : public schedule::StartedRun {
  public:
    Started(Ports ports, Run run, std::unique_ptr<Scan> scan)
        : machine_(ports, run, std::move(scan), std::make_unique<PullApplier>(ports, run.kind, false),
                   DeleteGuard{}, false) {}
    RunMachine& machine() override { return machine_; }
    void interrupt() override {}
    void go_on() override {}

  private:
    RunMachine machine_;
};

std::unique_ptr<schedule::StartedRun> MemoryFactory::start(Run run, const Settings&) {
    started.push_back(run.kind);
    auto scan = std::make_unique<ProductScan>(world_.erp, Value{}, 0, run.checkpoint);
    return std::make_unique<Started>(ports(), std::move(run), std::move(scan));
}

std::unique_ptr<schedule::StartedRun> MemoryFactory::look_at(Run run, const Settings&,
                                                             std::vector<std::string> ids) {
    if (ids.empty()) return nullptr;
    looked_at.push_back(ids);
    auto scan = std::make_unique<LookUpScan>(ports(), run.kind, std::move(ids), false);
    return std::make_unique<Started>(ports(), std::move(run), std::move(scan));
}

Timers::Timers() {
    folder = std::filesystem::temp_directory_path() / ("autosync-timers-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    start();
}

Timers::~Timers() {
    scheduler.reset();
    std::filesystem::remove_all(folder);
}

void Timers::start() {
    scheduler.reset();
    data = store::Instance::open(folder, "default", keys, world.clock);
    store.emplace(data);
    factory.store = &*store;
    runs.emplace(data);
    timers.emplace(data);
    scheduler.emplace(schedule::Scheduler::Parts{.factory = factory,
                                                 .runs = *runs,
                                                 .timers = *timers,
                                                 .clock = world.clock,
                                                 .log = world.log,
                                                 .alerts = alerts,
                                                 .random = [] { return 0.5; },
                                                 .wake = [] {}},
                      settings);
}

void Timers::switch_on() {
    settings.enabled = true;
    scheduler->change_settings(settings);
}

void Timers::live(Duration time) {
    const Instant end = world.clock.now() + time;
    while (world.clock.now() < end) {
        const Instant next = scheduler->run_due(world.clock.now(), kSecond);
        const Instant until = std::min(next, end);
        world.clock.advance(std::max<Duration>(until - world.clock.now(), kSecond));
    }
}

}  // namespace metakocka::sync::testing
