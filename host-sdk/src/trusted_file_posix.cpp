#include "trusted_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "refuse.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;

std::string mode_text(mode_t mode) {
    char text[8];
    std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777u));
    return text;
}

const char* kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a pipe";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

// Follows symbolic links and makes sure the end of them lies in the folder the file was named in: a link out
// of it would bring in a file whose folder nobody looked at.
fs::path resolve_inside(const fs::path& file, const std::string& kind) {
    std::error_code missing;
    fs::path real = fs::canonical(file, missing);
    if (missing) {
        refuse(file, "a " + kind, missing.message(), "Put the " + kind + " there, readable by the host");
    }
    const fs::path folder =
        fs::canonical(file.has_parent_path() ? file.parent_path() : fs::path("."), missing);
    if (missing || real.parent_path() != folder) {
        refuse(file, "a file inside " + folder.string(), "a link that leads to " + real.string(),
               "Copy the file itself into the folder");
    }
    return real;
}

void check_owner(const fs::path& path, const std::string& what, const struct stat& info) {
    if (info.st_uid == 0 || info.st_uid == ::geteuid()) return;
    refuse(path,
           what + " owned by root or by the user who runs the host (uid " + std::to_string(::geteuid()) + ")",
           "owner uid " + std::to_string(info.st_uid), "Change the owner with chown");
}

void check_folder(const fs::path& folder) {
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) {
        refuse(folder, "a readable folder", std::generic_category().message(errno), "Check its permissions");
    }
    check_owner(folder, "a folder", info);
    if ((info.st_mode & S_IWOTH) != 0) {
        refuse(folder, "a folder that only its owner and group can write", "mode " + mode_text(info.st_mode),
               "Run chmod o-w on it: whoever writes there decides what the host runs");
    }
}

// `file` is named in messages. Not blocking, since the name could be a pipe's.
OpenFile open_file(const fs::path& path, int flags, const fs::path& file, const std::string& kind,
                   struct stat& info) {
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags));
    if (descriptor.get() < 0 || ::fstat(descriptor.get(), &info) != 0) {
        refuse(file, "a readable " + kind, std::generic_category().message(errno), "Check its permissions");
    }
    if (!S_ISREG(info.st_mode)) {
        refuse(file, "a regular file", kind_of(info.st_mode), "Put the " + kind + " itself there");
    }
    return {std::move(descriptor), static_cast<std::uint64_t>(info.st_size)};
}

}  // namespace

OpenFile open_regular(const fs::path& file, const std::string& kind) {
    struct stat info {};
    return open_file(file, 0, file, kind, info);
}

OpenFile open_trusted(const fs::path& file, const std::string& kind) {
    const fs::path real = resolve_inside(file, kind);
    check_folder(real.parent_path());
    // Not following, since it could have become a link by now.
    struct stat info {};
    OpenFile opened = open_file(real, O_NOFOLLOW, file, kind, info);
    check_owner(file, "a " + kind, info);
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        refuse(file, "a " + kind + " that only its owner can write", "mode " + mode_text(info.st_mode),
               "Run chmod go-w on it");
    }
    return opened;
}

}  // namespace crm::detail
