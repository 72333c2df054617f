#include "windows_text.hpp"

#include <windows.h>

#include <array>

namespace crm::detail {

std::string utf8_of(std::wstring_view text) {
    if (text.empty()) return {};
    const int length = static_cast<int>(text.size());
    const int size = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr, nullptr);
    std::string result(static_cast<std::size_t>(size), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, result.data(), size, nullptr, nullptr);
    return result;
}

std::string windows_reason(unsigned long error) {
    std::array<wchar_t, 512> text{};
    constexpr DWORD kFlags =
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK;
    const DWORD length =
        ::FormatMessageW(kFlags, nullptr, error, 0, text.data(), static_cast<DWORD>(text.size()), nullptr);
    std::string reason = utf8_of({text.data(), length});
    while (!reason.empty() && (reason.back() == ' ' || reason.back() == '.')) reason.pop_back();
    if (reason.empty()) reason = "no text for it";
    return reason + " (Windows error " + std::to_string(error) + ")";
}

std::string last_windows_reason() {
    return windows_reason(::GetLastError());
}

}  // namespace crm::detail
