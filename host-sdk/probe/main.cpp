// crm-module-probe FILE LIBRARY ID API-MAJOR MEMORY CPU-SECONDS
// Started by the loader (module_probe.cpp). FILE is the module's name for messages, LIBRARY where its bytes
// are found. Tells its parent what it does and how it ended (probe_answer.hpp).
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "connector_proxy.hpp"
#include "crm/error.hpp"
#include "mapped_module.hpp"
#include "probe_answer.hpp"
#include "probe_host.hpp"
#include "program_arguments.hpp"
#include "refuse.hpp"
#include "self_limits.hpp"
#include "trial.hpp"

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using crm::detail::answer_line;
using crm::probe::tell;

constexpr const char* kNotForPeople =
    "crm-module-probe is started by hosts that load a connector module, not by people; see "
    "crm-connector-check\n";
constexpr crm::Duration kStopDeadline = 200'000;

struct Arguments {
    fs::path file;
    fs::path library;
    std::string id;
    std::uint32_t api_major = 0;
    std::uint64_t memory = 0;
    std::int64_t cpu_seconds = 0;
};

template <class Number>
bool parse(std::string_view text, Number& out) {
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, out);
    return result.ec == std::errc() && result.ptr == end;
}

void check_description(const Arguments& arguments, const std::string& text) {
    json::error_code failed;
    const json::value described = json::parse(text, failed);
    const json::object* const object = failed ? nullptr : described.if_object();
    const json::value* const id = object == nullptr ? nullptr : object->if_contains("id");
    if (id == nullptr || *id != json::value(arguments.id)) {
        crm::detail::refuse(arguments.file, "a description with the id " + arguments.id + " of its manifest",
                            object == nullptr ? "no JSON object"
                            : id == nullptr   ? "one without an id"
                                              : json::serialize(*id),
                            "Get the module and its manifest from the same release");
    }
}

// A module may well refuse to work in a host without records and settings, so that an error is no fault here:
// it has only to survive.
void try_instance(const Arguments& arguments, const crm_connector& table) {
    std::string description;
    crm::probe::ProbeHost host(fs::current_path());
    try {
        tell("doing making an instance\n");
        const auto connector = crm::detail::make_connector(table, host);
        tell("doing describing itself\n");
        description = connector->describe();
        tell("doing stopping\n");
        connector->stop(kStopDeadline);
        tell("doing taking the instance down\n");
    } catch (const crm::Error&) {
        if (description.empty()) return;
    }
    check_description(arguments, description);
}

void run(const Arguments& arguments) {
    tell("doing being mapped\n");
    // Never unmapped, as in a host.
    const auto& library =
        *new boost::dll::shared_library(crm::detail::map_library(arguments.file, arguments.library));
    tell("doing answering its entry\n");
    const crm_connector& table = crm::detail::find_connector(arguments.file, library, arguments.api_major);
    try_instance(arguments, table);
    tell("good\n");
}

[[noreturn]] void out_of_memory() {
    tell("no-memory\n");
    crm::probe::leave();
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    const std::vector<std::string> words = crm::detail::program_arguments(argc, argv);
    if (words.size() == 1 && (words[0] == "--help" || words[0] == "-h")) {
        std::cout << "crm-module-probe FILE LIBRARY ID API-MAJOR MEMORY CPU-SECONDS\n" << kNotForPeople;
        return 0;
    }
    if (crm::probe::is_trial(words)) return crm::probe::try_module(words);
    if (words.size() != 6 || !parse(words[3], arguments.api_major) || !parse(words[4], arguments.memory) ||
        !parse(words[5], arguments.cpu_seconds)) {
        std::cerr << kNotForPeople;
        return 2;
    }
    arguments.file = words[0];
    arguments.library = words[1];
    arguments.id = words[2];
    std::set_new_handler(out_of_memory);
    crm::probe::limit_self(arguments.memory, std::chrono::seconds(arguments.cpu_seconds));
    try {
        run(arguments);
    } catch (const std::exception& failure) {
        tell(answer_line("refused", failure.what()));
    }
    crm::probe::leave();
}
