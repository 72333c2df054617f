// Generated cases that can be replayed: AUTOSYNC_TEST_SEED=… repeats what a failure printed.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace metakocka::test {

class Random {
  public:
    Random() : seed_(pick()), engine_(seed_) {}

    std::string replay() const { return "replay with AUTOSYNC_TEST_SEED=" + std::to_string(seed_); }

    // 0 … below - 1
    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    bool chance(unsigned percent) { return below(100) < percent; }

    template <typename T>
    const T& of(const std::vector<T>& values) {
        return values[below(values.size())];
    }

    // A canonical decimal with up to ten places.
    std::string decimal() {
        std::string whole = std::to_string(below(chance(50) ? 100 : 1'000'000'000));
        std::string fraction;
        for (std::size_t i = below(11); i > 0; --i) fraction += static_cast<char>('0' + below(10));
        while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
        std::string text = fraction.empty() ? whole : whole + "." + fraction;
        return text != "0" && chance(30) ? "-" + text : text;
    }

    // Text with what real data holds: diacritics, markup, quotes, newlines, separators of our own formats.
    std::string text() {
        static const std::vector<std::string> kPieces{"a",  "Č",  "š", "ž",    "¨",  "<br>", "\"",
                                                      "\\", "\n", ":", "-",    "3:", " ",    "€",
                                                      "漢", "'",  "&", "{\"}", "1",  "|"};
        std::string text;
        for (std::size_t i = 1 + below(12); i > 0; --i) text += of(kPieces);
        return text;
    }

  private:
    static std::uint64_t pick() {
        if (const char* const given = std::getenv("AUTOSYNC_TEST_SEED"))
            return std::strtoull(given, nullptr, 10);
        return std::random_device{}();
    }

    std::uint64_t seed_;
    std::mt19937_64 engine_;
};

}  // namespace metakocka::test
