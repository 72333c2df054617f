// Reads the tables of a module file, whatever its headers claim: never beyond the bytes that are there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>

#include "refuse.hpp"

namespace crm::detail {

inline constexpr const char* kGetRightModule = "Get the module built for this machine";
inline constexpr const char* kGetWholeModule = "The file was cut short or damaged: copy it again";

class ImageReader {
  public:
    // `file` is named in messages only. Both must outlive the reader.
    ImageReader(const std::filesystem::path& file, std::span<const std::byte> bytes)
        : file_(file), bytes_(bytes) {}

    // Without overflow, whatever the header claims.
    bool holds(std::uint64_t offset, std::uint64_t size) const noexcept {
        return offset <= bytes_.size() && size <= bytes_.size() - offset;
    }

    // Copied out, since nothing says the file's tables are aligned.
    template <class Record>
    Record at(std::uint64_t offset, const std::string& what) const {
        if (!holds(offset, sizeof(Record))) cut_short(what, offset + sizeof(Record));
        Record record;
        std::memcpy(&record, bytes_.data() + offset, sizeof(Record));
        return record;
    }

    [[noreturn]] void cut_short(const std::string& what, std::uint64_t end) const {
        refuse(file_, what + " inside the file, up to byte " + std::to_string(end),
               "a file of " + std::to_string(bytes_.size()) + " bytes", kGetWholeModule);
    }

  private:
    const std::filesystem::path& file_;
    std::span<const std::byte> bytes_;
};

}  // namespace crm::detail
