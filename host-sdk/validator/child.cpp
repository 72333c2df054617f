#include "child.hpp"

#include <boost/json.hpp>
#include <exception>

#include "check_process.hpp"
#include "crm/error.hpp"
#include "subject.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

json::object judge(const CommandLine& line) {
    const Check& check = line.checks.front();
    try {
        Scenario scenario;
        if (!line.scenario.empty()) scenario = read_scenario(line.scenario);
        Subject subject(line.module, line.scratch, std::move(scenario), line.seed, line.trusted);
        check.run(subject);
        return {{"kind", "pass"}};
    } catch (const Failure& failure) {
        return {{"kind", "fail"}, {"expected", failure.expected}, {"found", failure.found}};
    } catch (const NotExercised& skipped) {
        return {{"kind", "skip"}, {"found", skipped.reason}};
    } catch (const std::exception& failure) {
        return {{"kind", "fail"}, {"expected", check.demands}, {"found", failure.what()}};
    }
}

}  // namespace

void run_one(const CommandLine& line) {
    limit_this_process(2 * kMaxResident, line.scratch.parent_path());
    answer_and_leave(json::serialize(judge(line)) + "\n");
}

}  // namespace crm::validator
