// The scheduler over the real database and a world in memory, on a virtual clock.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "memory_world.hpp"
#include "schedule/scheduler.hpp"
#include "store/store.hpp"

namespace metakocka::sync::testing {

class PlainKeys final : public vault::KeyWrapper {
  public:
    std::string wrap(std::string_view key) override { return "wrapped" + std::string(key); }
    std::string unwrap(std::string_view wrapped) override { return std::string(wrapped.substr(7)); }
};

class NoAlerts final : public schedule::Alerts {
  public:
    std::vector<std::string> raised;
    void raise(const std::string& id, const std::string&, const std::string&) override {
        raised.push_back(id);
    }
    void clear(const std::string& id) override { std::erase(raised, id); }
};

// Every whole run is a scan of the memory ERP's products; what it answers is the test's choice.
class MemoryFactory final : public schedule::RunFactory {
  public:
    explicit MemoryFactory(World& world) : world_(world) {}
    bool has_credentials = true;
    SyncStore* store = nullptr;
    std::vector<RecordKind> started;
    std::vector<std::vector<std::string>> looked_at;

    bool configured() override { return has_credentials; }
    std::unique_ptr<schedule::StartedRun> start(Run run, const Settings&) override;
    // Null without ids.
    std::unique_ptr<schedule::StartedRun> look_at(Run run, const Settings&,
                                                  std::vector<std::string> ids) override;

  private:
    class Started;
    Ports ports() { return {world_.erp, world_.crm, *store, world_.clock, world_.log, world_.fingerprint}; }

    World& world_;
};

struct Timers {
    Timers();
    ~Timers();
    Timers(const Timers&) = delete;
    Timers& operator=(const Timers&) = delete;
    // Also: as after the end of the process.
    void start();
    void switch_on();
    // As a host does: calls whenever the scheduler wishes, for `time` of the virtual clock.
    void live(Duration time);
    // One smallest step.
    void step() { scheduler->run_due(world.clock.now(), 0); }

    World world;
    PlainKeys keys;
    NoAlerts alerts;
    MemoryFactory factory{world};
    Settings settings;
    std::filesystem::path folder;
    std::shared_ptr<store::Instance> data;
    std::optional<store::Store> store;
    std::optional<store::RunLog> runs;
    std::optional<store::ScheduleStore> timers;
    std::optional<schedule::Scheduler> scheduler;
};

}  // namespace metakocka::sync::testing
