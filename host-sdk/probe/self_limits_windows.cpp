#include "self_limits.hpp"
#include "windows_process.hpp"
#include "windows_self.hpp"

namespace crm::probe {

// The parent's job limits memory and processor time and ends this process with it.
void limit_self(std::uint64_t, std::chrono::seconds) {
    detail::crash_quietly();
    detail::answer_handle();
}

void tell(std::string_view line) noexcept {
    DWORD written = 0;
    ::WriteFile(detail::answer_handle(), line.data(), static_cast<DWORD>(line.size()), &written, nullptr);
}

void leave() noexcept {
    detail::leave_at_once();
}

}  // namespace crm::probe
