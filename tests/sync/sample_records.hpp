// The sample host's records service over a database of its own, and a person who works in that CRM. Hides the
// sample host's headers: some have the same names as the module's.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "crm/host.hpp"

class SampleRecords {
  public:
    SampleRecords();
    ~SampleRecords();
    SampleRecords(const SampleRecords&) = delete;
    SampleRecords& operator=(const SampleRecords&) = delete;

    // As the connector "metakocka" sees it.
    crm::IHost& host();
    std::string user_creates(std::string_view kind, const boost::json::object& fields);
    void user_sets(std::string_view kind, const std::string& id, const boost::json::object& fields);
    void user_deletes(std::string_view kind, const std::string& id);
    // As after a backup from before any cursor was given.
    void forget_history();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};
