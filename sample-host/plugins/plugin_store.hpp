// What the host remembers about plugins: enabled or not, their settings, what they told people.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "store/database.hpp"

namespace crm::sample {

class PluginStore {
  public:
    struct Flags {
        bool enabled = false;
        bool loading = false;  // found at start: loading it ended the host
    };

    explicit PluginStore(Database& database) : database_(database) {}

    std::map<std::string, Flags> flags();
    // Also forgets that an earlier attempt ended the host: the administrator wants another one.
    void set_enabled(const std::string& id, bool enabled);
    void set_loading(const std::string& id, bool loading);

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
