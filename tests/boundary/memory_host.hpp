// A host that lives in memory, remembers what it was told, and can be made to throw.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "crm/connector.hpp"
#include "crm/host.hpp"

class MemoryHost : public crm::IHost {
  public:
    std::string stored_settings = "{}";
    std::vector<std::string> log_lines;
    std::vector<std::string> notices;
    int wakes = 0;
    // Which service throws, and what: "error", "std", "int", or nothing.
    std::string throwing_service;
    std::string thrown;

    void log(crm::LogLevel level, std::string_view text) noexcept override {
        log_lines.push_back(std::to_string(static_cast<unsigned>(level)) + " " + std::string(text));
    }
    crm::Instant now() override {
        trip("now");
        return 1'700'000'000'000'000;
    }
    std::uint32_t threads_allowed() noexcept override { return 3; }
    crm::Instant monotonic() override {
        trip("monotonic");
        return 77;
    }
    std::string settings() override {
        trip("settings");
        return stored_settings;
    }
    void put_settings(std::string_view json) override {
        trip("put_settings");
        stored_settings = json;
    }
    std::string query_records(std::string_view request) override {
        trip("query");
        return "found " + std::string(request);
    }
    std::string upsert_records(std::string_view request) override {
        trip("upsert");
        return "wrote " + std::string(request);
    }
    std::string changed_records(std::string_view request) override {
        trip("changes");
        return "changed " + std::string(request);
    }
    std::string wrap_key(std::string_view key) override {
        trip("wrap");
        return "wrapped " + std::string(key);
    }
    std::string unwrap_key(std::string_view wrapped) override {
        trip("unwrap");
        return std::string(wrapped.substr(wrapped.find(' ') + 1));
    }
    std::string directory() override {
        trip("directory");
        // Absolute on every system.
        return (std::filesystem::temp_directory_path() / "own").string();
    }
    void notify(std::string_view json) noexcept override { notices.emplace_back(json); }
    void wake() noexcept override { ++wakes; }

  private:
    void trip(std::string_view service) const {
        if (throwing_service != service) return;
        if (thrown == "error") throw crm::Error(CRM_CONFLICT, "the host refused " + throwing_service);
        if (thrown == "std") throw std::runtime_error("the host broke at " + throwing_service);
        if (thrown == "int") throw 42;
    }
};

// A response that gathers what it gets.
class MemoryResponse : public crm::IHttpResponse {
  public:
    std::string head;
    std::string body;
    std::size_t gone_after = SIZE_MAX;  // pretends that the client went away after so many bytes

    void begin(std::string_view text) override { head = text; }
    void write(std::string_view piece) override {
        if (body.size() + piece.size() > gone_after) throw crm::Error(CRM_CANCELLED, "the client has gone");
        body += piece;
    }
};
