#include "probe_answer.hpp"

#include <algorithm>

namespace crm::detail {
namespace {

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string plain(std::string_view text) {
    std::string out(text);
    std::ranges::replace_if(out, is_control, ' ');
    return out;
}

}  // namespace

ProbeAnswer parse_answer(std::string_view lines) {
    ProbeAnswer answer;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        if (end == std::string_view::npos) break;  // cut off in the middle
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + 1);
        const std::size_t space = line.find(' ');
        const std::string_view word = line.substr(0, space);
        const std::string text =
            space == std::string_view::npos ? std::string() : plain(line.substr(space + 1));
        if (word == "doing") answer.doing = text;
        if (word == "good") answer.verdict = ProbeAnswer::Verdict::kGood;
        if (word == "no-memory") answer.verdict = ProbeAnswer::Verdict::kNoMemory;
        if (word == "refused") {
            answer.verdict = ProbeAnswer::Verdict::kRefused;
            answer.text = text;
        }
    }
    return answer;
}

std::string answer_line(std::string_view word, std::string_view text) {
    std::string line(word);
    if (!text.empty()) line.append(" ").append(plain(text));
    return line + "\n";
}

}  // namespace crm::detail
