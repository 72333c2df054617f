// On Windows no copy is made that the system could load from: the file itself is kept from changing. It is
// open without sharing it for writing or deleting from before its bytes are read until after they are loaded.
#include <windows.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "crm/error.hpp"
#include "refuse.hpp"
#include "sealed_file.hpp"
#include "windows_path.hpp"
#include "windows_text.hpp"

namespace crm::detail {
namespace {

HANDLE handle_of(NativeFile file) {
    return reinterpret_cast<HANDLE>(file);
}

[[noreturn]] void system_failure(const std::filesystem::path& file, const char* what) {
    throw Error(CRM_INTERNAL, file.string() +
                                  " was not loaded: expected a file that only the host holds; found that " +
                                  what + " failed: " + last_windows_reason() +
                                  ". Close the program that has it open, or copy it again");
}

// Another handle to the same open file, which keeps what was agreed about sharing.
NativeFile duplicate(NativeFile source) {
    HANDLE copy = INVALID_HANDLE_VALUE;
    const HANDLE self = ::GetCurrentProcess();
    ::DuplicateHandle(self, handle_of(source), self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return reinterpret_cast<NativeFile>(copy);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (fd_ != kNoFile) ::CloseHandle(handle_of(fd_));
        fd_ = other.release();
    }
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ != kNoFile) ::CloseHandle(handle_of(fd_));
}

SealedFile::SealedFile(NativeFile source, std::size_t size, const std::filesystem::path& file)
    : memory_(duplicate(source)) {
    if (memory_.get() == kNoFile) system_failure(file, "keeping it open");
    if (size == 0) return;
    auto bytes = std::make_unique_for_overwrite<std::byte[]>(size);
    constexpr std::size_t kPiece = std::size_t{16} * 1024 * 1024;
    for (std::size_t have = 0; have < size;) {
        DWORD got = 0;
        const auto wanted = static_cast<DWORD>(std::min(size - have, kPiece));
        if (::ReadFile(handle_of(memory_.get()), bytes.get() + have, wanted, &got, nullptr) == 0) {
            system_failure(file, "reading it");
        }
        if (got == 0) {
            refuse(file, std::to_string(size) + " bytes", std::to_string(have) + " bytes",
                   "The file shrank while it was read: wait until it is copied whole");
        }
        have += got;
    }
    bytes_ = {bytes.release(), size};
}

SealedFile::SealedFile(SealedFile&& other) noexcept
    : memory_(std::move(other.memory_)), bytes_(std::exchange(other.bytes_, {})) {}

SealedFile::~SealedFile() {
    delete[] bytes_.data();
}

std::filesystem::path SealedFile::path() const {
    return real_path(handle_of(memory_.get()));
}

}  // namespace crm::detail
