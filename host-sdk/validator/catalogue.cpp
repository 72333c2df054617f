#include "catalogue.hpp"

namespace crm::validator {

const std::vector<Check>& all_checks() {
    static const std::vector<Check> all = [] {
        std::vector<Check> gathered;
        for (const Checks group :
             {file_checks(), manifest_checks(), binary_checks(), entry_checks(), create_checks(),
              describe_checks(), sink_checks(), run_checks(), stopping_checks(), thread_checks(),
              process_checks(), files_checks(), http_checks(), settings_checks(), service_checks()}) {
            gathered.insert(gathered.end(), group.begin(), group.end());
        }
        return gathered;
    }();
    return all;
}

std::vector<Check> select(std::string_view name) {
    std::vector<Check> selected;
    const std::string group = std::string(name) + (name.ends_with('.') ? "" : ".");
    for (const Check& check : all_checks()) {
        if (check.name == name || check.name.starts_with(group)) selected.push_back(check);
    }
    return selected;
}

}  // namespace crm::validator
