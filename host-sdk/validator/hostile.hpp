// Texts made to break parsers, and a seeded maker of more.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace crm::validator {

struct Named {
    std::string name;
    std::string text;
};

// Not one of them is valid JSON.
const std::vector<Named>& broken_json();
// Valid JSON that nobody expects.
const std::vector<Named>& strange_json();

// Cuts, flips, doubles and swaps parts of a text; the same seed gives the same texts everywhere.
class Mutator {
  public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}
    std::string mutate(std::string_view text);

  private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
    std::mt19937_64 random_;
};

bool is_json(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace crm::validator
