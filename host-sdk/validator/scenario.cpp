#include "scenario.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "crm/error.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

[[noreturn]] void wrong(const std::filesystem::path& file, const std::string& what) {
    throw Error(CRM_INVALID,
                "the scenario " + file.string() + " is wrong: " + what + ". See docs/validator.md");
}

int number(const std::filesystem::path& file, const json::object& object, const char* name, int most,
           int otherwise) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) return otherwise;
    if (!value->is_int64() || value->get_int64() < 1 || value->get_int64() > most) {
        wrong(file, std::string(name) + " must be a whole number from 1 to " + std::to_string(most));
    }
    return static_cast<int>(value->get_int64());
}

std::string text(const std::filesystem::path& file, const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string())
        wrong(file, std::string("a request's ") + name + " must be text");
    return json::value_to<std::string>(*value);
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) wrong(file, "it can't be read");
    json::error_code failed;
    const json::value root = json::parse(std::string(std::istreambuf_iterator<char>(in), {}), failed);
    if (failed || !root.is_object()) wrong(file, "it is not a JSON object");
    Scenario scenario;
    const json::object& object = root.get_object();
    if (const json::value* list = object.if_contains("requests"); list != nullptr) {
        if (!list->is_array()) wrong(file, "requests must be a list");
        for (const json::value& item : list->get_array()) {
            if (!item.is_object()) wrong(file, "a request must be an object");
            const json::object& request = item.get_object();
            const json::value* body = request.if_contains("body");
            scenario.requests.push_back({text(file, request, "method"), text(file, request, "path"),
                                         body == nullptr ? "" : json::serialize(*body)});
        }
    }
    scenario.rounds = number(file, object, "rounds", 1000, 1);
    scenario.exchange_seconds = number(file, object, "exchangeSeconds", 60, 1);
    return scenario;
}

}  // namespace crm::validator
