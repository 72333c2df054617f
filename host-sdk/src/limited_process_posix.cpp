#include "limited_process.hpp"

#include <signal.h>

#include <algorithm>
#include <cstdlib>

#include "process_list.hpp"
#include "warden.hpp"
#include "watched_child.hpp"

namespace crm::detail {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = ProcessEnd::Kind;

constexpr std::size_t kMaxAnswer = std::size_t{64} * 1024;
constexpr std::chrono::milliseconds kTick{5};

// Passwords and database addresses of the host are nobody's affair there.
std::vector<std::string> bare_environment(const std::filesystem::path& folder) {
    std::vector<std::string> variables{"HOME=" + folder.string()};
    for (const char* name : {"PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
                             "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (const char* const value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
    }
    return variables;
}

// How it ended by itself.
ProcessEnd ended(const WatchedChild::End& end, std::uint64_t highest, const ProcessLimits& limits) {
    switch (end.kind) {
        case WatchedChild::End::Kind::kEscaped:
            return {Kind::kEscaped};
        case WatchedChild::End::Kind::kStopped:
            return {Kind::kTime};
        case WatchedChild::End::Kind::kExited:
            return {.kind = Kind::kExited, .status = end.number, .left = end.left};
        case WatchedChild::End::Kind::kSignal:
            break;
    }
    // Memory refused by the system's limit ends in a signal sooner or later.
    if (highest > limits.resident / 4 * 3) return {Kind::kMemory};
    // What the child's own limit of processor time sends, and what comes when that is caught. Anybody can
    // send them, so that the time counts; the limit goes by the system's ticks, which may be far from the
    // real time.
    const bool limit_signal = end.number == SIGXCPU || end.number == SIGKILL;
    if (limit_signal && end.processor >= std::chrono::milliseconds(limits.processor) / 2)
        return {Kind::kProcessor};
    return {.kind = Kind::kCrashed, .crash = signal_text(end.number)};
}

ProcessEnd watch(WatchedChild& child, const ProcessLimits& limits) {
    const auto started = Clock::now();
    auto begin = started;
    std::uint64_t highest = 0;
    while (true) {
        child.wait(kTick);
        child.answer();
        if (const auto end = child.ended()) return ended(*end, highest, limits);
        const auto now = Clock::now();
        const bool over = now - started > limits.last;
        if (child.process() == 0) {
            if (over) return {Kind::kTime};
            begin = now;
            continue;
        }
        const auto usage = usage_of(child.process());
        if (usage) highest = std::max(highest, usage->resident);
        if (highest > limits.resident) return {Kind::kMemory};
        if (usage && usage->processor > limits.processor) return {Kind::kProcessor};
        const bool computes = usage && usage->state == 'R';
        if (over) return {computes ? Kind::kProcessor : Kind::kTime};
        // A machine under load must not make a good module look as if it hung: the time in which it waited
        // for a processor does not count, and what computes is left to its limit of processor time.
        const auto own = now - begin - (usage ? usage->queued : std::chrono::milliseconds(0));
        if (own > limits.wall && !computes) return {Kind::kTime};
    }
}

}  // namespace

std::filesystem::path path_in_child(const SealedFile&) {
    return "/proc/self/fd/" + std::to_string(kChildLibrary);
}

ProcessEnd run_limited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       const SealedFile& library, const std::filesystem::path& folder,
                       const ProcessLimits& limits) {
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    WatchedChild child({.program = program,
                        .words = std::move(words),
                        .environment = bare_environment(folder),
                        .folder = folder,
                        .temporary = folder,
                        .library = library.descriptor(),
                        .most = kMaxAnswer});
    ProcessEnd end = watch(child, limits);
    child.end();
    end.answer = child.answer();
    return end;
}

}  // namespace crm::detail
