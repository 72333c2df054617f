// What belongs to the host's process.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <tuple>

#include "catalogue.hpp"
#include "process_state.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

void leak_descriptors(Subject& subject) {
    const auto cycle = [&] {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.run_due(now_us(), 1000);
    };
    cycle();
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 20; ++i) cycle();
    demand(open_descriptors() <= before + 5, std::to_string(before) + " open descriptors",
           std::to_string(open_descriptors()) + " after 20 cycles");
}
void leak_memory(Subject& subject) {
    const auto cycle = [&] {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.describe();
        session.run_due(now_us(), 1000);
    };
    constexpr std::size_t kStretch = 100;
    const auto grown = [](std::size_t before, std::size_t after) {
        return after > before ? after - before : 0;
    };
    const auto run_stretch = [&] {
        for (std::size_t i = 0; i < kStretch; ++i) cycle();
    };
    run_stretch();
    const std::size_t resident = resident_bytes();
    // What a cache keeps settles, what is lost grows each time: the quietest stretch of ten decides. The
    // smallest piece that malloc gives out is 32 bytes; on a busy machine up to 16 for each cycle were seen
    // that no stretch loses for good.
    constexpr std::size_t kTolerated = 24;
    std::size_t lost = SIZE_MAX;
    for (int stretch = 0; stretch < 10; ++stretch) {
        const std::size_t allocated = allocated_bytes();
        run_stretch();
        lost = std::min(lost, grown(allocated, allocated_bytes()));
    }
    demand(lost < kTolerated * kStretch, "less than 24 bytes lost by each cycle",
           std::to_string(lost / kStretch));
    // Memory that no allocator counts, and fragments of it.
    demand(grown(resident, resident_bytes()) < 4ul * 1024 * 1024,
           "less than 4 MiB of growth over 1,000 cycles",
           std::to_string(grown(resident, resident_bytes()) / 1024) + " KiB");
}
void process_state(Subject& subject) {
    subject.table();
    const auto before =
        std::tuple(working_directory(), environment(), signal_handlers(), file_mask(), locale_name());
    {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.work();
        session.stop(kSecond);
    }
    const auto after =
        std::tuple(working_directory(), environment(), signal_handlers(), file_mask(), locale_name());
    demand(std::get<0>(before) == std::get<0>(after), "the working directory unchanged", std::get<0>(after));
    demand(std::get<1>(before) == std::get<1>(after), "the environment unchanged", "another one");
    demand(std::get<2>(before) == std::get<2>(after), "signal handlers unchanged", "another one");
    demand(std::get<3>(before) == std::get<3>(after), "the file mask unchanged",
           std::to_string(std::get<3>(after)));
    demand(std::get<4>(before) == std::get<4>(after), "the locale unchanged", std::get<4>(after));
}

void output(Subject& subject) {
    subject.table();
    const std::uint64_t before = written_output();
    {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.work();
        session.status();
        session.http("GET", "/there/is/nothing", "");
        session.stop(kSecond);
    }
    demand(written_output() == before, "nothing on standard output and error",
           std::to_string(written_output() - before) + " bytes");
}

void left_processes(Subject& subject) {
    subject.table();
    adopt_orphans();
    const std::size_t before = child_processes();
    {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.work();
        session.stop(kSecond);
    }
    // What was asked to end may take a moment.
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (child_processes() > before && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const std::size_t after = child_processes();
    demand(after <= before, "no process left that the module started",
           std::to_string(after - std::min(before, after)) + " still running after destroy");
}

const Check kProcess[] = {
    {"leaks.descriptors", "Instances leave no open file behind.", "The host runs for months.",
     "abi.h, destroy", "Close what create opened.", leak_descriptors, 60},
    {"leaks.memory", "1,000 instances leave no memory behind.", "The host runs for months.", "abi.h, destroy",
     "Free what create made.", leak_memory, 120},
    {"process.state", "Directory, environment, signals, mask and locale are as before.",
     "They belong to the host.", "abi.h", "Change none of them.", process_state},
    {"process.output", "Nothing is written to standard output or error.",
     "They are the host's: a command's result, a protocol.", "abi.h, CALLS", "Use the log service.", output},
    {"process.left", "After destroy, no process that the module started is left.",
     "Nobody else knows of it, and it outlives the host.", "abi.h, destroy",
     "End and reap in destroy what was started; start no daemon.", left_processes}};

}  // namespace

Checks process_checks() {
    return kProcess;
}

}  // namespace crm::validator
