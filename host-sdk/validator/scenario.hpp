// What a connector is to be led through before it is judged: requests that configure it, then rounds of work.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace crm::validator {

struct ScenarioRequest {
    std::string method;
    std::string path;
    std::string body;
};

struct Scenario {
    std::vector<ScenarioRequest> requests;
    int rounds = 1;            // calls of run_due after the requests
    int exchange_seconds = 1;  // how long one exchange with the other system may take
};

// {"requests": [{"method", "path", "body": any JSON}], "rounds": 1..1000, "exchangeSeconds": 1..60}, all
// optional. Throws crm::Error(CRM_INVALID) that names the member.
Scenario read_scenario(const std::filesystem::path& file);

}  // namespace crm::validator
