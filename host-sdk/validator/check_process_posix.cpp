#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "check_process.hpp"
#include "crm/error.hpp"
#include "process_list.hpp"
#include "sealed_file.hpp"
#include "warden.hpp"
#include "watched_child.hpp"

namespace crm::validator {
namespace {

namespace fs = std::filesystem;
using detail::Descriptor;

constexpr std::size_t kMaxAnswer = 1'000'000;

Descriptor make_output() {
    Descriptor output(::memfd_create("output", MFD_CLOEXEC));
    if (output.get() >= 0) return output;
    throw Error(CRM_INTERNAL,
                "making a file for a check's output failed: " + std::generic_category().message(errno));
}

std::vector<std::string> environment_in(const fs::path& scratch) {
    std::vector<std::string> variables{"HOME=" + (scratch / "home").string(),
                                       "XDG_CACHE_HOME=" + (scratch / "home").string()};
    for (char** item = environ; *item != nullptr; ++item) {
        const std::string_view text(*item);
        if (!text.starts_with("HOME=") && !text.starts_with("XDG_") && !text.starts_with("TMPDIR=")) {
            variables.emplace_back(text);
        }
    }
    return variables;
}

void limit(int resource, rlim_t most) {
    const rlimit value{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &value);
}

}  // namespace

struct CheckProcess::State {
    State(const std::vector<std::string>& words, const fs::path& scratch)
        : output(make_output()),
          child({.program = "/proc/self/exe",
                 .words = words,
                 .environment = environment_in(scratch),
                 .folder = scratch / "work",
                 .temporary = scratch / "tmp",
                 .output = output.get(),
                 .most = kMaxAnswer}) {}

    Descriptor output;
    detail::WatchedChild child;
};

CheckProcess::CheckProcess(const std::vector<std::string>& arguments, const fs::path& scratch) {
    std::vector<std::string> words{"crm-connector-check"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    state_ = std::make_unique<State>(words, scratch);
}

CheckProcess::~CheckProcess() = default;

std::optional<CheckProcess::End> CheckProcess::ended() {
    using Kind = detail::WatchedChild::End::Kind;
    const auto end = state_->child.ended();
    if (!end) return std::nullopt;
    switch (end->kind) {
        case Kind::kExited:
            return End{end->number, {}};
        case Kind::kSignal:
            return End{0, "ended the process by " + detail::signal_text(end->number)};
        case Kind::kStopped:
            return End{0, "stopped the process by " + detail::signal_text(end->number)};
        case Kind::kEscaped:
            break;
    }
    return End{0, "ended or stopped the process that watches it"};
}

void CheckProcess::end() {
    state_->child.end();
}

const std::string& CheckProcess::answer() {
    return state_->child.answer();
}

std::string CheckProcess::last_output() const {
    std::array<char, 300> buffer;
    const off_t size = ::lseek(state_->output.get(), 0, SEEK_END);
    const off_t from = std::max<off_t>(0, size - static_cast<off_t>(buffer.size()));
    const ssize_t got = ::pread(state_->output.get(), buffer.data(), buffer.size(), from);
    return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

std::uint64_t CheckProcess::resident() const {
    const auto usage = detail::usage_of(state_->child.process());
    return usage ? usage->resident : 0;
}

void limit_this_process(std::uint64_t memory, const fs::path& scratch) {
    detail::continue_under_warden(scratch);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 256ul * 1024 * 1024);
#ifndef CRM_CHECK_SANITIZED  // a sanitizer's shadow memory is larger than any limit
    limit(RLIMIT_DATA, memory);
#else
    static_cast<void>(memory);
#endif
}

void answer_and_leave(const std::string& answer) {
    std::string_view left = answer;
    while (!left.empty()) {
        const ssize_t written = ::write(detail::kChildAnswer, left.data(), left.size());
        if (written < 0) break;
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    ::_exit(0);
}

}  // namespace crm::validator
