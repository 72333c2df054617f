// The side of the child in watched_child.hpp. Linux only.
//
// A module may end or stop the process that called it, its parent, or leave daemons behind. So there is a
// process between: the program that was started becomes the warden and touches no module; its child does.
// The warden adopts whatever the module starts and ends it, and tells the host how its child ended. A module
// that kills the warden has given itself away. This contains accidents and crude malice; it is no sandbox.
#pragma once

#include <cstdint>
#include <filesystem>

namespace crm::detail {

// The descriptors a child finds open, beside its standard ones.
inline constexpr int kChildAnswer = 3;
inline constexpr int kChildReport = 4;  // the warden's
inline constexpr int kChildLibrary = 5;

// What the warden writes: `process` at once, the rest when all has ended.
struct WardenReport {
    std::int64_t process;       // the child's number; -errno when there could not be one
    std::int64_t status;        // the child's end, as waitpid tells it; it may also have been stopped
    std::int64_t processor_us;  // that it used
    std::int64_t left;          // 1 when something it had started still ran afterwards
};

// Goes on in a new process, in a process group of its own that ends with the warden. The old one never
// returns. When the host is gone the warden ends everything and removes `scratch`.
void continue_under_warden(const std::filesystem::path& scratch);

}  // namespace crm::detail
