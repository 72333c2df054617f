// Paths of URLs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm::sample {

// "/api/contacts/17" → {"api", "contacts", "17"}. A slash at the end makes no difference.
std::vector<std::string> split_path(std::string_view path);

// True when `path` fits `pattern`: "{name}" stands for any one segment, "*" at the end for any rest.
// What stood for "{name}" is put into `parameters`.
bool match_path(std::span<const std::string> pattern, std::span<const std::string> path,
                std::vector<std::string>& parameters);

}  // namespace crm::sample
