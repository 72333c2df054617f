// One instance of the module over one host, and what each call to it came to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "probe_host.hpp"
#include "subject.hpp"

namespace crm::validator {

// A sink that gathers text, counts writes and may refuse.
class CountingSink {
  public:
    CountingSink() = default;
    // Answers `code` at write number `at` (from 1) and later.
    CountingSink(std::size_t at, crm_result code) : refuse_at_(at), code_(code) {}
    CountingSink(const CountingSink&) = delete;
    CountingSink& operator=(const CountingSink&) = delete;

    const crm_sink* get() const noexcept { return &sink_; }
    const std::string& text() const noexcept { return text_; }
    std::size_t writes() const noexcept { return writes_; }
    std::size_t writes_after_refusal() const noexcept { return after_refusal_; }
    bool refused() const noexcept { return refused_; }

  private:
    static crm_result write(void* ctx, const char* data, std::uint64_t size) noexcept;

    std::string text_;
    std::size_t writes_ = 0;
    std::size_t refuse_at_ = SIZE_MAX;
    std::size_t after_refusal_ = 0;
    crm_result code_ = CRM_OK;
    bool refused_ = false;
    crm_sink sink_{sizeof(crm_sink), 0, this, &CountingSink::write};
};

struct Outcome {
    crm_result code = CRM_OK;
    std::string text;   // what went into the result sink
    std::string error;  // what went into the error sink
};

struct HttpOutcome {
    crm_result code = CRM_OK;
    std::string head;
    std::string body;
    std::string error;
    std::size_t heads = 0;  // writes into the head sink
    bool body_before_head = false;
    // Of the head; 0 when there is none or it is not valid.
    int status() const;
    bool good() const { return status() >= 200 && status() < 300; }
    // "status 500", "code 7 (text)".
    std::string shown() const;
};

struct RunOutcome {
    crm_result code = CRM_OK;
    std::int64_t next = 0;
    std::string error;
    double seconds = 0;
};

struct Route {
    std::string method;
    std::string path;
    std::optional<std::string> permission;
    // The path with every {parameter} filled in.
    std::string filled(std::string_view value = "1") const;
};

inline constexpr std::int64_t kSecond = 1'000'000;

// Calls create and gives its outcome; *instance as the module left it.
Outcome create_over(const crm_connector& table, const crm_host* host, crm_instance** instance);

class Session {
  public:
    // Throws NotExercised when create fails, since create.works tells that.
    Session(Subject& subject, ProbeHost& host);
    // Takes over what create made.
    Session(Subject& subject, crm_instance* instance)
        : subject_(subject), table_(subject.table()), instance_(instance) {}
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    const crm_connector& table() const { return table_; }
    crm_instance* instance() const { return instance_; }
    void destroy();

    Outcome describe() const;
    Outcome status() const;
    RunOutcome run_due(std::int64_t now_us, std::int64_t budget_us) const;
    HttpOutcome http(std::string_view request, std::string_view body) const;
    // With every permission there is.
    HttpOutcome http(std::string_view method, std::string_view path, std::string_view body) const;
    void cancel() const;
    Outcome stop(std::int64_t deadline_us) const;

    // Parts of describe; throws NotExercised when it is not valid, since describe.valid tells that.
    boost::json::object described() const;
    std::vector<Route> routes() const;
    boost::json::value user_with_all() const;

    // Plays the scenario: its requests, then its rounds of work in slices of 50 ms.
    void work() const;
    void configure() const;

  private:
    const Subject& subject_;
    const crm_connector& table_;
    crm_instance* instance_ = nullptr;
};

std::int64_t now_us();
std::string request_json(std::string_view method, std::string_view path, const boost::json::value& user);
std::string name_of(crm_result code);
// At most 120 bytes of a text, printable.
std::string excerpt(std::string_view text);

}  // namespace crm::validator
