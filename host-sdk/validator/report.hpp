// What the user reads.
#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"
#include "verdict.hpp"

namespace crm::validator {

std::string explanation(const Check& check);
std::string listing(Checks checks);
// One check's line; of a failed one also what was expected, what was found and what to do.
std::string human_line(const Check& check, const Verdict& verdict);

struct Judged {
    Check check;
    Verdict verdict;
};
std::string human_summary(const std::vector<Judged>& all, std::uint64_t seed);
// {"module", "seed", "passed", "failed", "notExercised", "checks": [{"name", "verdict", "expected"?,
// "found"?, "fix"?, "seconds"}]}
std::string json_report(const CommandLine& line, const std::vector<Judged>& all);
bool any_failed(const std::vector<Judged>& all);

}  // namespace crm::validator
