// The ids a scan has met, as 64-bit hashes, so that a hundred thousand ids stay small. The chance that any
// two among a hundred thousand collide is 3 in 10^10; the later one would then be passed over.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace metakocka::sync {

class SeenSet {
  public:
    // False when it was there already.
    bool insert(std::string_view id) { return hashes_.insert(hash(id)).second; }
    bool contains(std::string_view id) const { return hashes_.contains(hash(id)); }
    std::size_t size() const { return hashes_.size(); }

  private:
    static std::uint64_t hash(std::string_view id) { return std::hash<std::string_view>{}(id); }

    std::unordered_set<std::uint64_t> hashes_;
};

}  // namespace metakocka::sync
