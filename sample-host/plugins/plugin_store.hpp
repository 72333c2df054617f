// What the host remembers about plugins: enabled or not, their settings, what they told people.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "store/database.hpp"

namespace crm::sample {

class PluginStore {
  public:
    explicit PluginStore(Database& database) : database_(database) {}

    // Ids of the enabled ones.
    std::set<std::string> enabled();
    // Forgets the failure too: it is to be tried anew.
    void set_enabled(const std::string& id, bool enabled);

    // Why the last start of a plugin failed, by id, for whoever looks while no host runs. Empty: it did not.
    std::map<std::string, std::string> failures();
    void put_failure(const std::string& id, std::string_view reason);

    std::string settings(const std::string& id);
    void put_settings(const std::string& id, std::string_view json);

    struct Notice {
        std::string id;
        std::string level;
        std::string title;
        std::string text;
        bool resolved = false;
    };
    void post_notice(const std::string& connector, const Notice& notice);
    void clear_notices(const std::string& connector);
    // {"items": [], "next": null}, newest first.
    std::string notices();

  private:
    void write(const std::string& sql, const std::string& id, std::string_view value);

    Database& database_;
};

}  // namespace crm::sample
