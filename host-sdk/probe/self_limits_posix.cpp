#include "self_limits.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "warden.hpp"

namespace crm::probe {
namespace {

constexpr rlim_t kLargestFile = rlim_t{64} * 1024 * 1024;

void limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
    const rlimit value{soft, hard};
    ::setrlimit(resource, &value);
}

#ifndef CRM_SANITIZED  // a sanitizer's shadow memory is larger than any limit
rlim_t address_space() {
    std::ifstream in("/proc/self/statm");
    rlim_t pages = 0;
    in >> pages;
    return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}
#endif

}  // namespace

void limit_self(std::uint64_t memory, std::chrono::seconds cpu) {
    detail::continue_under_warden(std::filesystem::current_path());
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_FSIZE, kLargestFile, kLargestFile);
    const auto seconds = static_cast<rlim_t>(cpu.count());
    limit(RLIMIT_CPU, seconds, seconds + 1);  // the second one in case the first signal is caught
#ifndef CRM_SANITIZED
    const rlim_t most = address_space() + memory;
    limit(RLIMIT_AS, most, most);
#else
    static_cast<void>(memory);
#endif
}

void tell(std::string_view line) noexcept {
    while (!line.empty()) {
        const ssize_t written = ::write(detail::kChildAnswer, line.data(), line.size());
        if (written <= 0) return;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

void leave() noexcept {
    ::_exit(0);
}

}  // namespace crm::probe
