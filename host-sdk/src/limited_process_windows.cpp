#include <algorithm>
#include <utility>

#include "limited_process.hpp"
#include "windows_process.hpp"

namespace crm::detail {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t kMaxAnswer = std::size_t{64} * 1024;
constexpr auto kTick = 5ms;
// What got no processor time for this long waits for something else. The system counts in steps of up to 16
// ms, and a busy machine gives others their turn.
constexpr auto kAsleep = 500ms;

// Passwords and database addresses of the host are nobody's affair there.
Environment bare_environment(const std::filesystem::path& folder, HANDLE answer) {
    Environment environment;
    environment.add_answer(answer);
    for (const wchar_t* name : {L"PATH", L"SystemDrive", L"SystemRoot"}) environment.add_own(name);
    for (const wchar_t* name : {L"TEMP", L"TMP", L"USERPROFILE"}) environment.add(name, folder.wstring());
    return environment;
}

class Child {
  public:
    Child(const JobStart& start, Descriptor answer) : process_(start), answer_(std::move(answer)) {}

    ProcessEnd watch(const ProcessLimits& limits) {
        const auto started = Clock::now();
        // Starting a process takes long where a scanner looks at it first, and under Wine: the limits are for
        // what comes after its first words.
        auto begin = started;
        std::chrono::nanoseconds used_before{0};
        auto last_computed = started;
        auto computed = process_.processor_time();
        while (true) {
            if (text_.empty()) {
                begin = Clock::now();
                used_before = computed;
            }
            drain();
            if (process_.ended_within(kTick)) return ended(limits);
            highest_ = std::max(highest_, process_.resident());
            if (highest_ > limits.resident) return stop(ProcessEnd::Kind::kMemory);
            const auto now = Clock::now();
            const auto before = std::exchange(computed, process_.processor_time());
            if (computed - used_before > limits.processor) return stop(ProcessEnd::Kind::kProcessor);
            if (computed > before) last_computed = now;
            // A machine under load must not make a good module look as if it hung: what still computes is
            // left to its limit of processor time.
            const bool sleeps = now - last_computed > kAsleep;
            if (now - started > limits.last || (now - begin > limits.wall && sleeps)) {
                return stop(ProcessEnd::Kind::kTime);
            }
        }
    }

  private:
    void drain() { text_ += read_available(answer_, kMaxAnswer - text_.size()); }

    ProcessEnd ended(const ProcessLimits& limits) {
        process_.end();  // what it may have left behind
        drain();
        const DWORD status = process_.status();
        if (!is_crash(status)) return {ProcessEnd::Kind::kExited, static_cast<int>(status), {}, text_};
        // Memory refused by the job's limit ends in a crash sooner or later.
        const bool large = highest_ > limits.resident / 4 * 3;
        return {large ? ProcessEnd::Kind::kMemory : ProcessEnd::Kind::kCrashed, 0, crash_text(status), text_};
    }

    ProcessEnd stop(ProcessEnd::Kind kind) {
        process_.end();
        drain();
        return {kind, 0, {}, text_};
    }

    JobProcess process_;
    Descriptor answer_;
    std::string text_;
    std::uint64_t highest_ = 0;
};

}  // namespace

// The file itself, which its SealedFile keeps as it is.
std::filesystem::path path_in_child(const SealedFile& library) {
    return library.path();
}

ProcessEnd run_limited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       const SealedFile&, const std::filesystem::path& folder, const ProcessLimits& limits) {
    Pipe answer = make_answer_pipe();
    const Descriptor nothing = open_nothing();
    const HANDLE answer_end = handle_of(answer.write_end);
    Child child({.program = program,
                 .arguments = arguments,
                 .environment = bare_environment(folder, answer_end),
                 .folder = folder,
                 .input = handle_of(nothing),
                 .output = handle_of(nothing),
                 .answer = answer_end,
                 .memory = limits.commit,
                 .alone = true},
                std::move(answer.read_end));
    return child.watch(limits);
}

}  // namespace crm::detail
