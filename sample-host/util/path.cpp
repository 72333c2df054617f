#include "util/path.hpp"

namespace crm::sample {

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> out;
    std::size_t start = 0;
    while (start < path.size()) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (end > start) out.emplace_back(path.substr(start, end - start));
        start = end + 1;
    }
    return out;
}

bool match_path(std::span<const std::string> pattern, std::span<const std::string> path,
                std::vector<std::string>& parameters) {
    parameters.clear();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == "*") return true;
        if (i >= path.size()) return false;
        if (pattern[i].starts_with('{')) {
            parameters.push_back(path[i]);
        } else if (pattern[i] != path[i]) {
            return false;
        }
    }
    return pattern.size() == path.size();
}

}  // namespace crm::sample
