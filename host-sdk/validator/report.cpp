#include "report.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "hostile.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

std::size_t count(const std::vector<Judged>& all, Verdict::Kind kind) {
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const Judged& judged) { return judged.verdict.kind == kind; }));
}

const char* word(Verdict::Kind kind) {
    switch (kind) {
        case Verdict::Kind::kPass:
            return "pass";
        case Verdict::Kind::kNotExercised:
            return "not exercised";
        case Verdict::Kind::kFail:
            break;
    }
    return "fail";
}

// A module's words may be anything; what is printed is not.
std::string printable(std::string text) {
    if (!is_utf8(text))
        std::ranges::replace_if(
            text, [](char c) { return (c & 0x80) != 0; }, '?');
    std::ranges::replace_if(
        text, [](char c) { return c >= 0 && c < 0x20; }, ' ');
    return text;
}

}  // namespace

std::string explanation(const Check& check) {
    std::string text(check.name);
    text.append("\n  demands  ").append(check.demands);
    text.append("\n  why      ").append(check.why);
    text.append("\n  rule     ").append(check.rule);
    text.append("\n  fix      ").append(check.fix).append("\n");
    return text;
}

std::string listing(Checks checks) {
    std::string text;
    for (const Check& check : checks) {
        text.append(check.name);
        text.append(check.name.size() < 28 ? 28 - check.name.size() : 1, ' ');
        text.append(check.demands).append("\n");
    }
    return text;
}

std::string human_line(const Check& check, const Verdict& verdict) {
    std::string text;
    switch (verdict.kind) {
        case Verdict::Kind::kPass:
            return text.append("  ok    ").append(check.name).append("\n");
        case Verdict::Kind::kNotExercised:
            text.append("  --    ").append(check.name).append("  not exercised: ");
            return text.append(printable(verdict.found)).append("\n");
        case Verdict::Kind::kFail:
            break;
    }
    text.append("  FAIL  ").append(check.name);
    text.append("\n          expected  ").append(printable(verdict.expected));
    text.append("\n          found     ").append(printable(verdict.found));
    return text.append("\n          do        ").append(check.fix).append("\n");
}

std::string human_summary(const std::vector<Judged>& all, std::uint64_t seed) {
    return std::to_string(count(all, Verdict::Kind::kPass)) + " passed, " +
           std::to_string(count(all, Verdict::Kind::kFail)) + " failed, " +
           std::to_string(count(all, Verdict::Kind::kNotExercised)) + " not exercised (seed " +
           std::to_string(seed) + ")\n";
}

std::string json_report(const CommandLine& line, const std::vector<Judged>& all) {
    json::array checks;
    for (const auto& [check, verdict] : all) {
        json::object item{
            {"name", check.name}, {"verdict", word(verdict.kind)}, {"seconds", verdict.seconds}};
        if (verdict.kind == Verdict::Kind::kFail) {
            item["expected"] = printable(verdict.expected);
            item["fix"] = check.fix;
        }
        if (!verdict.found.empty()) item["found"] = printable(verdict.found);
        checks.push_back(std::move(item));
    }
    return json::serialize(json::object{{"module", line.module.string()},
                                        {"seed", line.seed},
                                        {"passed", count(all, Verdict::Kind::kPass)},
                                        {"failed", count(all, Verdict::Kind::kFail)},
                                        {"notExercised", count(all, Verdict::Kind::kNotExercised)},
                                        {"checks", std::move(checks)}}) +
           "\n";
}

bool any_failed(const std::vector<Judged>& all) {
    return count(all, Verdict::Kind::kFail) > 0;
}

}  // namespace crm::validator
