#include "confinement.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "sealed_file.hpp"

namespace crm::validator {
namespace {

using detail::Descriptor;

constexpr std::uint64_t kTruncate = 1u << 14;  // since version 3; not in the headers of kernel 6.1
constexpr std::uint64_t kWriting = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                   LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                   LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

bool allow(int ruleset, const std::filesystem::path& folder, std::uint64_t access) {
    const Descriptor opened(::open(folder.c_str(), O_PATH | O_CLOEXEC));
    const landlock_path_beneath_attr rule{access, opened.get()};
    return opened.get() >= 0 &&
           ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

}  // namespace

bool confine_writes_to(const std::filesystem::path& folder) {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return false;
    const std::uint64_t writing = version >= 3 ? kWriting | kTruncate : kWriting;
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = writing;
    const Descriptor ruleset(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
    return ruleset.get() >= 0 && allow(ruleset.get(), folder, writing) &&
           allow(ruleset.get(), "/dev", LANDLOCK_ACCESS_FS_WRITE_FILE) &&
           ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

}  // namespace crm::validator
