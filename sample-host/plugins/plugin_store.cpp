#include "plugins/plugin_store.hpp"

#include "util/json_text.hpp"
#include "util/time_text.hpp"

namespace crm::sample {

std::set<std::string> PluginStore::enabled() {
    const Reader reader(database_);
    Statement& all = reader->prepare("SELECT id FROM plugin WHERE enabled = 1");
    const ResetGuard guard(all);
    std::set<std::string> ids;
    while (all.step()) ids.emplace(all.text(0));
    return ids;
}

void PluginStore::write(const std::string& sql, const std::string& id, std::string_view value) {
    Transaction transaction(database_);
    {
        Statement& statement = transaction->prepare(sql);
        const ResetGuard guard(statement);
        statement.bind(1, id);
        statement.bind(2, value);
        statement.step();
    }
    transaction.commit();
}

void PluginStore::set_enabled(const std::string& id, bool enabled) {
    write(
        "INSERT INTO plugin (id, enabled) VALUES (?, CAST(? AS INTEGER)) "
        "ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, failure = ''",
        id, enabled ? "1" : "0");
}

std::map<std::string, std::string> PluginStore::failures() {
    const Reader reader(database_);
    Statement& all = reader->prepare("SELECT id, failure FROM plugin WHERE failure <> ''");
    const ResetGuard guard(all);
    std::map<std::string, std::string> found;
    while (all.step()) found.emplace(all.text(0), all.text(1));
    return found;
}

void PluginStore::put_failure(const std::string& id, std::string_view reason) {
    write("UPDATE plugin SET failure = ?2 WHERE id = ?1", id, reason);
}

std::string PluginStore::settings(const std::string& id) {
    const Reader reader(database_);
    Statement& find = reader->prepare("SELECT settings FROM plugin WHERE id = ?");
    const ResetGuard guard(find);
    find.bind(1, id);
    return find.step() ? std::string(find.text(0)) : "{}";
}

void PluginStore::put_settings(const std::string& id, std::string_view json) {
    write(
        "INSERT INTO plugin (id, settings) VALUES (?, ?) "
        "ON CONFLICT (id) DO UPDATE SET settings = excluded.settings",
        id, json);
}

void PluginStore::post_notice(const std::string& connector, const Notice& notice) {
    Transaction transaction(database_);
    {
        Statement& statement =
            transaction->prepare(notice.resolved ? "DELETE FROM notice WHERE connector = ?1 AND id = ?2"
                                                 : "INSERT OR REPLACE INTO notice (connector, id, level, "
                                                   "title, text, at) VALUES (?1,?2,?3,?4,?5,?6)");
        const ResetGuard guard(statement);
        statement.bind(1, connector);
        statement.bind(2, notice.id);
        if (!notice.resolved) {
            statement.bind(3, notice.level);
            statement.bind(4, notice.title);
            statement.bind(5, notice.text);
            statement.bind(6, now_us());
        }
        statement.step();
    }
    transaction.commit();
}

void PluginStore::clear_notices(const std::string& connector) {
    write("DELETE FROM notice WHERE connector = ? AND ? = ''", connector, "");
}

std::string PluginStore::notices() {
    const Reader reader(database_);
    Statement& all = reader->prepare(
        "SELECT connector, id, level, title, text, at FROM notice ORDER BY at DESC LIMIT 100");
    const ResetGuard guard(all);
    std::string out = "{\"items\":[";
    bool first = true;
    while (all.step()) {
        if (!first) out.push_back(',');
        first = false;
        out += "{\"connector\":" + json_string(all.text(0)) + ",\"id\":" + json_string(all.text(1)) +
               ",\"level\":" + json_string(all.text(2)) + ",\"title\":" + json_string(all.text(3)) +
               ",\"text\":" + json_string(all.text(4)) + ",\"at\":" + json_string(to_rfc3339(all.number(5))) +
               "}";
    }
    out += "],\"next\":null}";
    return out;
}

}  // namespace crm::sample
