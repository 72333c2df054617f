// A file that nobody can change any more: what is hashed is what is loaded. Where the system can load from
// memory it is a sealed copy there; on Windows it is the file itself, kept open so that nobody else may
// write, rename or delete it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace crm::detail {

// What the system calls an open file: a descriptor, or on Windows a HANDLE.
#ifdef _WIN32
using NativeFile = std::intptr_t;
#else
using NativeFile = int;
#endif
inline constexpr NativeFile kNoFile = -1;

// One that closes itself.
class Descriptor {
  public:
    explicit Descriptor(NativeFile fd = kNoFile) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    NativeFile get() const noexcept { return fd_; }
    NativeFile release() noexcept {
        const NativeFile fd = fd_;
        fd_ = kNoFile;
        return fd;
    }

  private:
    NativeFile fd_;
};

class SealedFile {
  public:
    // Reads `size` bytes from `source`. `file` is named in messages and in /proc/<pid>/maps.
    // Throws crm::Error when the source ends early or the system refuses.
    SealedFile(NativeFile source, std::size_t size, const std::filesystem::path& file);
    SealedFile(SealedFile&& other) noexcept;
    SealedFile& operator=(SealedFile&&) = delete;
    ~SealedFile();

    std::span<const std::byte> bytes() const noexcept { return bytes_; }
    // For handing it to a child process.
    NativeFile descriptor() const noexcept { return memory_.get(); }
    // Where the system's loader finds it, as long as the descriptor is open.
    std::filesystem::path path() const;
    // Leaves the file open for good. Needed once it was loaded: the system's loader knows libraries by name,
    // and would answer this library for another file under the same descriptor number or path.
    void keep_open() noexcept { memory_.release(); }

  private:
    Descriptor memory_;
    std::span<const std::byte> bytes_;
};

}  // namespace crm::detail
