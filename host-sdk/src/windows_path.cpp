#include "windows_path.hpp"

#include <windows.h>

#include <string>

namespace crm::detail {

std::filesystem::path real_path(void* handle) {
    const DWORD needed = ::GetFinalPathNameByHandleW(handle, nullptr, 0, FILE_NAME_NORMALIZED);
    std::wstring path(needed, L'\0');
    const DWORD length = ::GetFinalPathNameByHandleW(handle, path.data(), needed, FILE_NAME_NORMALIZED);
    if (length == 0 || length >= needed) return {};
    path.resize(length);
    constexpr std::wstring_view kShare = L"\\\\?\\UNC\\";
    constexpr std::wstring_view kLocal = L"\\\\?\\";
    if (path.starts_with(kShare)) return L"\\\\" + path.substr(kShare.size());
    if (path.starts_with(kLocal)) return path.substr(kLocal.size());
    return path;
}

}  // namespace crm::detail
