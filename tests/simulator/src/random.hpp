#pragma once

#include <cstdint>
#include <string_view>

namespace metakocka::sim {

constexpr std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 14695981039346656037ULL) {
    for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return seed;
}

// SplitMix64. Not <random>: its distributions differ between standard libraries, and the same seed must give
// the same company everywhere.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15ULL); }
    // 0 … bound-1; 0 when the bound is 0.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }
    bool percent(unsigned chance) { return below(100) < chance; }
    template <typename List>
    auto pick(const List& list) {
        return list[below(std::size(list))];
    }

  private:
    std::uint64_t state_;
};

}  // namespace metakocka::sim
