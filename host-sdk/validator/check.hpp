// One check: what it demands of a module, and the function that finds out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace crm::validator {

class Subject;

struct Check {
    std::string_view name;     // "group.what"
    std::string_view demands;  // one sentence
    std::string_view why;      // what goes wrong in a host otherwise
    std::string_view rule;     // where the boundary says so
    std::string_view fix;      // what its author does about it
    // Runs in a process of its own. Returns when the demand is met; throws Failure or NotExercised.
    void (*run)(Subject&);
    int seconds = 20;  // after which the process is ended and the check has failed
};

// The demand is not met.
struct Failure {
    std::string expected;
    std::string found;
};

// Nothing could be seen that would decide it, which is not the same as passing.
struct NotExercised {
    std::string reason;
};

inline void demand(bool met, std::string expected, std::string found) {
    if (!met) throw Failure{std::move(expected), std::move(found)};
}

using Checks = std::span<const Check>;

}  // namespace crm::validator
