#include <windows.h>

#include <algorithm>
#include <array>
#include <cwctype>
#include <string_view>

#include "refuse.hpp"
#include "trusted_file.hpp"
#include "windows_acl.hpp"
#include "windows_path.hpp"
#include "windows_text.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;

HANDLE handle_of(const Descriptor& descriptor) {
    return reinterpret_cast<HANDLE>(descriptor.get());
}

// Names that mean a device whatever folder and extension they are written with, and spellings that Windows
// takes for another file's name: what was judged would not be what is opened.
void check_name(const fs::path& file, const std::string& kind) {
    const std::wstring name = file.filename().wstring();
    std::wstring stem = name.substr(0, name.find(L'.'));
    std::ranges::transform(stem, stem.begin(), [](wchar_t c) { return std::towupper(c); });
    static constexpr std::array<std::wstring_view, 6> kDevices{L"CON", L"PRN",    L"AUX",
                                                               L"NUL", L"CONIN$", L"CONOUT$"};
    const bool port = stem.size() == 4 && (stem.starts_with(L"COM") || stem.starts_with(L"LPT")) &&
                      std::wstring_view(L"0123456789¹²³").find(stem[3]) != std::wstring_view::npos;
    if (port || std::ranges::find(kDevices, stem) != kDevices.end()) {
        refuse(file, "a " + kind + " with a name of its own", "the reserved name of a device",
               "Give it another name, in its manifest too");
    }
    if (name.empty() || name.find(L':') != std::wstring::npos || name.ends_with(L'.') ||
        name.ends_with(L' ')) {
        refuse(file, "a plain file name", "a name that Windows reads as another one",
               "Write the name as the folder shows it");
    }
}

Descriptor open_folder(const fs::path& folder) {
    // Shared with everybody: other modules are loaded from it, too.
    constexpr DWORD kShare = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    Descriptor opened(reinterpret_cast<NativeFile>(
        ::CreateFileW(folder.c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES, kShare, nullptr, OPEN_EXISTING,
                      FILE_FLAG_BACKUP_SEMANTICS, nullptr)));
    if (opened.get() == kNoFile) {
        refuse(folder, "a readable folder", last_windows_reason(), "Check its permissions");
    }
    return opened;
}

}  // namespace

OpenFile open_regular(const fs::path& file, const std::string& kind) {
    check_name(file, kind);
    // Whoever has it open for writing keeps this from opening it; once it is open, nobody can write, replace,
    // rename or delete it, nor rename the folders above it.
    Descriptor opened(
        reinterpret_cast<NativeFile>(::CreateFileW(file.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr,
                                                   OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr)));
    if (opened.get() == kNoFile) {
        refuse(file, "a readable " + kind, last_windows_reason(),
               "Put the " + kind + " there, readable by the host and not open in another program");
    }
    BY_HANDLE_FILE_INFORMATION info{};
    if (::GetFileType(handle_of(opened)) != FILE_TYPE_DISK ||
        ::GetFileInformationByHandle(handle_of(opened), &info) == 0 ||
        (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        refuse(file, "a regular file", "a folder, device or pipe", "Put the " + kind + " itself there");
    }
    return {std::move(opened), (std::uint64_t{info.nFileSizeHigh} << 32) | info.nFileSizeLow};
}

OpenFile open_trusted(const fs::path& file, const std::string& kind) {
    OpenFile opened = open_regular(file, kind);
    HANDLE const handle = handle_of(opened.descriptor);
    const fs::path named_folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    const Descriptor folder = open_folder(named_folder);
    const fs::path real = real_path(handle);
    const fs::path real_folder = real_path(handle_of(folder));
    // By what was opened, not by name: links, junctions and mounted folders have been followed by now.
    if (real.empty() || real.parent_path() != real_folder) {
        refuse(file, "a file inside " + real_folder.string(), "a link that leads to " + real.string(),
               "Copy the file itself into the folder");
    }
    check_access(named_folder, "a folder", handle_of(folder));
    check_access(file, "a " + kind, handle);
    return opened;
}

}  // namespace crm::detail
