// A sink that gathers text, never more than its owner allows. Used on both sides of the boundary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "crm/abi.h"

namespace crm::detail {

// A result larger than this is a defect of the writer; without a bound it would take the reader down with it.
inline constexpr std::size_t kMaxText = std::size_t{64} * 1024 * 1024;
// Errors are for people; more than this is cut off.
inline constexpr std::size_t kMaxErrorText = std::size_t{16} * 1024;

// The other side may hand over anything: an absent text is an empty one.
inline std::string_view view_of(const char* data, std::uint64_t size) noexcept {
    return data == nullptr ? std::string_view{} : std::string_view{data, static_cast<std::size_t>(size)};
}

class TextSink {
  public:
    enum class Overflow { kRefuse, kCut };

    explicit TextSink(std::size_t limit = kMaxText, Overflow overflow = Overflow::kRefuse) noexcept
        : limit_(limit), overflow_(overflow) {}
    TextSink(const TextSink&) = delete;
    TextSink& operator=(const TextSink&) = delete;

    // Valid as long as this object.
    const crm_sink* get() const noexcept { return &sink_; }
    bool overflowed() const noexcept { return overflowed_; }
    const std::string& text() const noexcept { return text_; }
    std::string take() noexcept { return std::move(text_); }

  private:
    static crm_result write(void* ctx, const char* data, std::uint64_t size) noexcept {
        return static_cast<TextSink*>(ctx)->append(data, size);
    }

    crm_result append(const char* data, std::uint64_t size) noexcept {
        const std::size_t room = limit_ - text_.size();
        try {
            if (size <= room) {
                text_.append(view_of(data, size));
                return CRM_OK;
            }
            overflowed_ = true;
            if (overflow_ == Overflow::kCut) {
                text_.append(view_of(data, room));
                drop_split_character();
                return CRM_OK;
            }
            return CRM_INVALID;
        } catch (...) {
            return CRM_INTERNAL;  // out of memory; nothing may leave a C function
        }
    }

    // Cutting at a byte may leave the first bytes of a UTF-8 character behind; text stays valid UTF-8.
    void drop_split_character() noexcept {
        const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(text_[i]); };
        std::size_t start = text_.size();
        while (start > 0 && text_.size() - start < 4 && (byte(start - 1) & 0xC0u) == 0x80u) --start;
        if (start > 0 && byte(start - 1) >= 0xC0u) {
            const unsigned lead = byte(start - 1);
            const std::size_t length = lead >= 0xF0u ? 4 : lead >= 0xE0u ? 3 : 2;
            if (text_.size() - (start - 1) < length) text_.resize(start - 1);
        }
    }

    std::string text_;
    std::size_t limit_;
    Overflow overflow_;
    bool overflowed_ = false;
    crm_sink sink_{sizeof(crm_sink), 0, this, &TextSink::write};
};

}  // namespace crm::detail
