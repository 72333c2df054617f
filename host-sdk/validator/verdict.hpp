// What came of a check, and how it travels from the process that ran it.
#pragma once

#include <string>

namespace crm::validator {

struct Verdict {
    enum class Kind { kPass, kFail, kNotExercised };
    Kind kind = Kind::kFail;
    std::string expected;  // kFail
    std::string found;     // kFail; kNotExercised: the reason
    double seconds = 0;
};

}  // namespace crm::validator
