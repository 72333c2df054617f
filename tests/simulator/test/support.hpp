#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "admin.hpp"
#include "erp.hpp"
#include "request.hpp"

namespace metakocka::sim::test {

inline ErpSettings small_settings() {
    ErpSettings settings;
    settings.companies = 3;
    settings.sizes = {1200, 150, 250, 1800};
    settings.seed = 7;
    settings.today = *parse_iso_date("2026-08-01");
    return settings;
}

// Calls the stand-in as a client would, without the network.
class Client {
  public:
    explicit Client(Erp& erp) : erp_(erp) {}

    Reply raw(std::string_view path, boost::json::object body) {
        body["company_id"] = "1";
        if (!body.contains("secret_key")) body["secret_key"] = "sim-secret-key-1";
        return erp_.call(path, boost::json::serialize(body), 0);
    }
    boost::json::object call(std::string_view path, boost::json::object body) {
        return boost::json::parse(raw(path, std::move(body)).body).get_object();
    }
    boost::json::object admin(std::string method, std::string path, const boost::json::object& body = {}) {
        AdminRequest request{std::move(method), std::move(path), {}, boost::json::serialize(body)};
        return boost::json::parse(sim::admin(erp_, request).body).get_object();
    }

  private:
    Erp& erp_;
};

inline std::string str(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? std::string() : text_of(*value);
}

// Reads a list however it is spelled.
inline std::vector<boost::json::object> list(const boost::json::object& object, std::string_view name) {
    std::vector<boost::json::object> result;
    const auto* value = object.if_contains(name);
    if (value == nullptr) return result;
    if (value->is_object()) result.push_back(value->get_object());
    if (value->is_array()) {
        for (const auto& element : value->get_array()) result.push_back(element.as_object());
    }
    return result;
}

}  // namespace metakocka::sim::test
