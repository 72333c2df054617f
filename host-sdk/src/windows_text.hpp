// Windows' own words for its own errors, and names as UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace crm::detail {

// "Access denied (Windows error 5)". The C++ library knows only those errors that POSIX has too.
std::string windows_reason(unsigned long error);

// For the error of the call before: GetLastError() is read first.
std::string last_windows_reason();

std::string utf8_of(std::wstring_view text);

}  // namespace crm::detail
