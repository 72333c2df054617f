// What crm-module-probe tells its parent: a line for each step it begins, and one for the verdict.
//   doing <what>
//   good | no-memory | refused <the whole refusal>
#pragma once

#include <string>
#include <string_view>

namespace crm::detail {

#ifdef _WIN32
inline constexpr const char* kProbeName = "crm-module-probe.exe";
#else
inline constexpr const char* kProbeName = "crm-module-probe";
#endif

struct ProbeAnswer {
    enum class Verdict { kNone, kGood, kRefused, kNoMemory };
    Verdict verdict = Verdict::kNone;
    std::string doing = "it was started";  // the last step begun
    std::string text;                      // of a refusal, without control characters
};

ProbeAnswer parse_answer(std::string_view lines);

// One line; what would begin another one becomes a space.
std::string answer_line(std::string_view word, std::string_view text);

}  // namespace crm::detail
