#include "sealed_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "crm/error.hpp"
#include "refuse.hpp"

namespace crm::detail {
namespace {

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // since Linux 6.3; says that the memory may be mapped executable
#endif

[[noreturn]] void system_failure(const std::filesystem::path& file, const char* what) {
    const int reason = errno;
    throw Error(CRM_INTERNAL,
                file.string() +
                    " was not loaded: expected memory files (memfd), which the host needs to load modules "
                    "safely; found that " +
                    what + " failed: " + std::generic_category().message(reason) +
                    ". Allow memfd_create in the host's sandbox, and give it memory");
}

int make_memory_file(const std::filesystem::path& file) {
    const std::string name = file.filename().string().substr(0, 200);
    const int fd = ::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (fd >= 0 || errno != EINVAL) return fd;
    return ::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);  // an older kernel
}

void write_all(int fd, const std::byte* data, std::size_t size, const std::filesystem::path& file) {
    while (size > 0) {
        const ssize_t written = ::write(fd, data, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) system_failure(file, "copying it into memory");
        data += written;
        size -= static_cast<std::size_t>(written);
    }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = other.release();
    }
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

SealedFile::SealedFile(int source, std::size_t size, const std::filesystem::path& file)
    : memory_(make_memory_file(file)) {
    if (memory_.get() < 0) system_failure(file, "memfd_create");
    std::array<std::byte, 65536> buffer;
    std::size_t left = size;
    while (left > 0) {
        const ssize_t got = ::read(source, buffer.data(), std::min(left, buffer.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) system_failure(file, "reading it");
        if (got == 0) {
            refuse(file, std::to_string(size) + " bytes", std::to_string(size - left) + " bytes",
                   "The file shrank while it was read: wait until it is copied whole");
        }
        write_all(memory_.get(), buffer.data(), static_cast<std::size_t>(got), file);
        left -= static_cast<std::size_t>(got);
    }
    if (::fcntl(memory_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
        system_failure(file, "sealing its copy");
    }
    if (size == 0) return;  // nothing to map
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, memory_.get(), 0);
    if (mapped == MAP_FAILED) system_failure(file, "mapping its copy");
    bytes_ = {static_cast<const std::byte*>(mapped), size};
}

SealedFile::SealedFile(SealedFile&& other) noexcept
    : memory_(std::move(other.memory_)), bytes_(std::exchange(other.bytes_, {})) {}

SealedFile::~SealedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

std::filesystem::path SealedFile::path() const {
    return "/proc/self/fd/" + std::to_string(memory_.get());
}

}  // namespace crm::detail
