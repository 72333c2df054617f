// What the module says of its work: in full in its own log, in short in the host's.
#pragma once

#include "crm/host.hpp"
#include "schedule/run_factory.hpp"
#include "store/log_book.hpp"
#include "sync/log_sink.hpp"

namespace metakocka {

class LogKeeper final : public sync::LogSink, public schedule::Alerts {
  public:
    LogKeeper(crm::IHost& host, store::LogBook& book) : host_(host), book_(book) {}

    void note(sync::LogLevel level, const sync::Run& run, const std::string& operation,
              const std::string& message) override;
    // Of something that belongs to no run: settings, credentials.
    void note(sync::LogLevel level, const std::string& operation, const std::string& message);

    void raise(const std::string& id, const std::string& title, const std::string& text) override;
    void clear(const std::string& id) override;

  private:
    void append(store::LogEntry entry);

    crm::IHost& host_;
    store::LogBook& book_;
};

}  // namespace metakocka
