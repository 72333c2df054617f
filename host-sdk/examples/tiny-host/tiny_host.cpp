// The smallest host that is of use: loads any connector and drives it on one thread, with records in memory.
//     tiny-host MODULE [METHOD PATH BODY]...     prints each answer, then the state and the records
#include <boost/json.hpp>
#include <chrono>
#include <crm/loader.hpp>
#include <iostream>
#include <map>

namespace json = boost::json;

crm::Instant micros(auto clock_time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock_time.time_since_epoch()).count();
}

// What a CRM offers. A real one keeps all this in its database, and has folders and a master key as well.
class TinyHost final : public crm::IHost {
  public:
    void log(crm::LogLevel, std::string_view text) noexcept override { std::cerr << text << "\n"; }
    crm::Instant now() override { return micros(std::chrono::system_clock::now()); }
    crm::Instant monotonic() override { return micros(std::chrono::steady_clock::now()); }
    std::string settings() override { return settings_; }
    void put_settings(std::string_view json) override { settings_ = json; }
    std::string query_records(std::string_view request) override {
        json::array items;
        for (const auto& [id, fields] : kind_of(json::parse(request))) {
            items.push_back({{"id", id}, {"externalId", id}, {"active", true}, {"fields", fields}});
        }
        return json::serialize(json::object{{"items", items}, {"next", nullptr}});
    }
    std::string upsert_records(std::string_view text) override {
        const json::value request = json::parse(text);
        json::array answers;
        for (const json::value& item : request.at("items").as_array()) {
            const json::string& id = item.at("externalId").as_string();
            const auto [record, created] = kind_of(request).emplace(id, json::object());
            json::object previous;
            for (const auto& [name, value] : item.at("fields").as_object()) {
                json::value& field = record->value().as_object()[name];
                if (field != value) previous[name] = std::exchange(field, value);
            }
            const char* const outcome = created ? "created" : previous.empty() ? "unchanged" : "updated";
            answers.push_back({{"id", id}, {"outcome", outcome}, {"previous", previous}});
        }
        return json::serialize(json::object{{"items", answers}});
    }
    void notify(std::string_view json) noexcept override { std::cerr << "notice: " << json << "\n"; }

    std::map<std::string, json::object> records;  // by kind, then by external id

  private:
    json::object& kind_of(const json::value& request) {
        return records[request.at("kind").as_string().c_str()];
    }

    std::string settings_ = "{}";
};

struct PrintedResponse final : crm::IHttpResponse {
    void begin(std::string_view head) override { std::cout << head << "\n"; }
    void write(std::string_view piece) override { std::cout << piece; }
};

// Slices until nothing is due. A CRM that keeps running sleeps until then, or until wake.
void drive(crm::IConnector& connector, crm::IHost& host) {
    while (connector.scheduler().run_due(host.now(), 200'000) <= host.now()) continue;
}

int main(int argc, char** argv) try {
    if (argc % 3 != 2) throw crm::Error(CRM_INVALID, "usage: tiny-host MODULE [METHOD PATH BODY]...");
    TinyHost host;
    const auto connector = crm::load_connector(argv[1], host);
    json::array all;  // this user may do whatever there is
    const json::value described = json::parse(connector->describe());
    for (const json::value& route : described.at("routes").as_array()) {
        all.push_back(route.at("permission"));
    }
    drive(*connector, host);
    for (char** given = argv + 2; given < argv + argc; given += 3) {
        const json::object user{{"name", "tiny"}, {"permissions", all}};
        const json::object head{{"method", given[0]}, {"path", given[1]}, {"user", user}};
        PrintedResponse response;
        connector->handle_http({json::serialize(head), given[2]}, response);
        std::cout << "\n";
        drive(*connector, host);
    }
    std::cout << connector->status() << "\n" << json::value_from(host.records) << std::endl;
    return connector->stop(5'000'000) ? 0 : 1;
} catch (const std::exception& failure) {
    std::cerr << failure.what() << "\n";
    return 1;
}
