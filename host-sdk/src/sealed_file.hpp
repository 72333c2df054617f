// A copy of a file in memory that nobody can change any more: what is hashed is what is loaded.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace crm::detail {

// A file descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int get() const noexcept { return fd_; }
    int release() noexcept {
        const int fd = fd_;
        fd_ = -1;
        return fd;
    }

  private:
    int fd_;
};

class SealedFile {
  public:
    // Copies `size` bytes from `source`. `file` is named in messages and in /proc/<pid>/maps.
    // Throws crm::Error when the source ends early or the system refuses.
    SealedFile(int source, std::size_t size, const std::filesystem::path& file);
    SealedFile(SealedFile&& other) noexcept;
    SealedFile& operator=(SealedFile&&) = delete;
    ~SealedFile();

    std::span<const std::byte> bytes() const noexcept { return bytes_; }
    // For handing it to a child process.
    int descriptor() const noexcept { return memory_.get(); }
    // Where the system's loader finds it, as long as the descriptor is open.
    std::filesystem::path path() const;
    // Leaves the descriptor open for good. Needed once it was loaded: the system's loader knows libraries by
    // name, and a reused descriptor number would make it answer this library for another file.
    void keep_open() noexcept { memory_.release(); }

  private:
    Descriptor memory_;
    std::span<const std::byte> bytes_;
};

}  // namespace crm::detail
