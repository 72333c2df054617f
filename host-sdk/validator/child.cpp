#include "child.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <exception>
#include <filesystem>

#include "crm/error.hpp"
#include "subject.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

void limit(int resource, rlim_t most) {
    const rlimit value{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &value);
}

void set_limits() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 256ul * 1024 * 1024);
#ifndef CRM_CHECK_SANITIZED  // a sanitizer's shadow memory is larger than any limit
    limit(RLIMIT_DATA, 2 * kMaxResident);
#endif
}

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
    set_limits();
    std::string text = json::serialize(judge(line)) + "\n";
    const char* at = text.data();
    std::size_t left = text.size();
    while (left > 0) {
        const ssize_t written = ::write(kVerdictDescriptor, at, left);
        if (written < 0) break;
        at += written;
        left -= static_cast<std::size_t>(written);
    }
    ::_exit(0);
}

}  // namespace crm::validator
