// Memory that holds keys and is wiped before it is given back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace metakocka::vault {

inline constexpr std::size_t kKeyBytes = 32;

// Overwrites the text (all of its capacity) and leaves it empty.
void wipe(std::string& text) noexcept;

// A 256-bit key. Neither copied nor moved, so that there is one place to wipe.
class SecretKey {
  public:
    SecretKey() = default;
    ~SecretKey();
    SecretKey(const SecretKey&) = delete;
    SecretKey& operator=(const SecretKey&) = delete;

    std::uint8_t* data() noexcept { return bytes_.data(); }
    std::span<const std::uint8_t> view() const noexcept { return bytes_; }

  private:
    std::array<std::uint8_t, kKeyBytes> bytes_{};
};

}  // namespace metakocka::vault
