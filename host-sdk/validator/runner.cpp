#include "runner.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <thread>

#include "check_process.hpp"
#include "child.hpp"
#include "scratch_folder.hpp"

namespace crm::validator {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Clock = std::chrono::steady_clock;

std::vector<std::string> arguments_for(const CommandLine& line, const Check& check, const fs::path& scratch) {
    std::vector<std::string> arguments{
        "--internal-run", std::string(check.name),  "--internal-scratch", (scratch / "instances").string(),
        "--seed",         std::to_string(line.seed)};
    if (!line.scenario.empty()) {
        arguments.insert(arguments.end(), {"--scenario", fs::absolute(line.scenario).string()});
    }
    for (const std::string& key : line.trusted) arguments.insert(arguments.end(), {"--trusted", key});
    arguments.push_back(fs::absolute(line.module).string());
    return arguments;
}

const fs::path& with_folders(const fs::path& scratch) {
    for (const char* folder : {"work", "home", "tmp", "instances"}) fs::create_directories(scratch / folder);
    return scratch;
}

class RunningCheck {
  public:
    RunningCheck(const CommandLine& line, const Check& check)
        : check_(check),
          process_(arguments_for(line, check, scratch_.path()), with_folders(scratch_.path())) {}
    RunningCheck(const RunningCheck&) = delete;
    RunningCheck& operator=(const RunningCheck&) = delete;

    // The verdict once there is one.
    std::optional<Verdict> poll() {
        process_.answer();  // so that the child never waits for its reader
        if (const auto end = process_.ended()) return finish(judge(*end));
        if (Clock::now() - begin_ > std::chrono::seconds(check_.seconds)) {
            return stop("the check had not ended after " + std::to_string(check_.seconds) +
                        " s and was ended (a call hangs or is far too slow)");
        }
#ifndef CRM_CHECK_SANITIZED
        if (process_.resident() > kMaxResident) {
            return stop("more than " + std::to_string(kMaxResident / 1024 / 1024) +
                        " MiB of memory were used, so the check was ended");
        }
#endif
        return std::nullopt;
    }

  private:
    Verdict stop(std::string found) {
        process_.end();
        return finish({Verdict::Kind::kFail, std::string(check_.demands), std::move(found)});
    }

    Verdict finish(Verdict verdict) const {
        verdict.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
        return verdict;
    }

    Verdict judge(const CheckProcess::End& end) {
        Verdict verdict{Verdict::Kind::kFail, std::string(check_.demands), ""};
        if (!end.harm.empty()) {
            verdict.found = "the module " + end.harm + last_words();
            return verdict;
        }
        json::error_code failed;
        const json::value answer = json::parse(process_.answer(), failed);
        if (failed || !answer.is_object()) {
            verdict.found =
                "the module ended the process with exit(" + std::to_string(end.status) + ")" + last_words();
            return verdict;
        }
        const auto text = [&](const char* name) {
            const json::value* value = answer.get_object().if_contains(name);
            return value == nullptr ? std::string() : json::value_to<std::string>(*value);
        };
        const std::string kind = text("kind");
        verdict.kind = kind == "pass"   ? Verdict::Kind::kPass
                       : kind == "skip" ? Verdict::Kind::kNotExercised
                                        : Verdict::Kind::kFail;
        verdict.expected = text("expected");
        verdict.found = text("found");
        return verdict;
    }

    // Assertions and sanitizers say there why they gave up.
    std::string last_words() const {
        std::string text = process_.last_output();
        if (text.empty()) return "";
        for (char& c : text) {
            if (c < 0x20 || c > 0x7e) c = ' ';
        }
        return "; it said: " + text;
    }

    const Check& check_;
    Clock::time_point begin_ = Clock::now();
    detail::ScratchFolder scratch_{"crm-check-"};
    CheckProcess process_;
};

}  // namespace

void run_checks(const CommandLine& line, const std::function<void(const Check&, const Verdict&)>& done) {
    const std::size_t jobs = line.jobs > 0 ? line.jobs : std::max(1u, std::thread::hardware_concurrency());
    std::map<std::size_t, RunningCheck> running;
    std::map<std::size_t, Verdict> ended;
    std::size_t started = 0;
    std::size_t shown = 0;
    while (shown < line.checks.size()) {
        while (started < line.checks.size() && running.size() < jobs) {
            running.try_emplace(started, line, line.checks[started]);
            ++started;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        for (auto it = running.begin(); it != running.end();) {
            if (auto verdict = it->second.poll()) {
                ended.emplace(it->first, std::move(*verdict));
                it = running.erase(it);
            } else {
                ++it;
            }
        }
        for (auto it = ended.begin(); it != ended.end() && it->first == shown;
             it = ended.erase(it), ++shown) {
            done(line.checks[shown], it->second);
        }
    }
}

}  // namespace crm::validator
