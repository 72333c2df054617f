#include "windows_acl.hpp"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "refuse.hpp"
#include "windows_text.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;

struct LocalFreer {
    void operator()(void* memory) const noexcept { ::LocalFree(memory); }
};
using LocalMemory = std::unique_ptr<void, LocalFreer>;

std::string sid_text(PSID sid) {
    LPWSTR text = nullptr;
    if (::ConvertSidToStringSidW(sid, &text) == 0) return "an unreadable account";
    const LocalMemory owned(text);
    return utf8_of(text);
}

// "Everyone (S-1-1-0)".
std::string account_text(PSID sid) {
    wchar_t name[256];
    wchar_t domain[256];
    DWORD name_size = 256;
    DWORD domain_size = 256;
    SID_NAME_USE use{};
    if (::LookupAccountSidW(nullptr, sid, name, &name_size, domain, &domain_size, &use) == 0) {
        return sid_text(sid);
    }
    return utf8_of({name, name_size}) + " (" + sid_text(sid) + ")";
}

std::vector<std::byte> current_user() {
    HANDLE token = nullptr;
    if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == 0) return {};
    DWORD size = 0;
    ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
    std::vector<std::byte> user(size);
    if (::GetTokenInformation(token, TokenUser, user.data(), size, &size) == 0) user.clear();
    ::CloseHandle(token);
    return user;
}

// The accounts that could change what the host runs anyway: SYSTEM, the administrators, the installer of
// Windows' own parts, and whoever owns the file, which is checked by itself.
bool is_privileged(PSID sid) {
    if (::IsWellKnownSid(sid, WinLocalSystemSid) != 0 ||
        ::IsWellKnownSid(sid, WinBuiltinAdministratorsSid) != 0 ||
        ::IsWellKnownSid(sid, WinCreatorOwnerRightsSid) != 0) {
        return true;
    }
    return sid_text(sid) == "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
}

bool is_trusted(PSID sid) {
    if (is_privileged(sid)) return true;
    const std::vector<std::byte> user = current_user();
    return !user.empty() && ::EqualSid(sid, reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid) != 0;
}

// On a folder the same bits mean: add a file, add a folder, delete what is in it.
constexpr ACCESS_MASK kChanges = FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_DELETE_CHILD | DELETE | WRITE_DAC |
                                 WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL;

// Only what is granted counts: who is also denied something somewhere may be in a group that is not.
void check_list(const fs::path& path, const std::string& what, PACL list) {
    if (list == nullptr) {
        refuse(path, what + " that only its owner can change", "no access list, which lets everybody in",
               "Give it one: remove inherited rights, leave its owner, Administrators and SYSTEM");
    }
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        if (::GetAce(list, i, &entry) == 0) continue;
        const auto* const header = static_cast<const ACE_HEADER*>(entry);
        const bool grants =
            header->AceType == ACCESS_ALLOWED_ACE_TYPE || header->AceType == ACCESS_ALLOWED_CALLBACK_ACE_TYPE;
        if (!grants || (header->AceFlags & INHERIT_ONLY_ACE) != 0) continue;
        auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        PSID sid = &allowed->SidStart;
        if ((allowed->Mask & kChanges) == 0 || is_trusted(sid)) continue;
        refuse(path, what + " that only its owner can change", "write access for " + account_text(sid),
               "Take it away in the file's security settings, or with icacls");
    }
}

}  // namespace

void check_access(const fs::path& path, const std::string& what, void* handle) {
    PSID owner = nullptr;
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    const DWORD failed =
        ::GetSecurityInfo(handle, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                          &owner, nullptr, &list, nullptr, &descriptor);
    const LocalMemory owned(descriptor);
    if (failed != ERROR_SUCCESS || owner == nullptr) {
        refuse(path, what + " whose owner and access list can be read", windows_reason(failed),
               "Put it on a drive that keeps permissions, such as NTFS");
    }
    if (!is_trusted(owner)) {
        refuse(path, what + " owned by the user who runs the host, by Administrators or by SYSTEM",
               "owner " + account_text(owner), "Change the owner in its security settings, or with icacls");
    }
    check_list(path, what, list);
}

}  // namespace crm::detail
