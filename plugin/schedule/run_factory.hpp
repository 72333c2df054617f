// How the scheduler gets runs going, without knowing the ERP, the CRM or the database behind them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/settings.hpp"
#include "sync/run_machine.hpp"

namespace metakocka::schedule {

// A run that is going on, with its connection to the ERP.
class StartedRun {
  public:
    virtual ~StartedRun() = default;
    virtual sync::RunMachine& machine() = 0;
    // [any-thread] Makes an exchange that is going on end soon, as ErpErrorClass::kCancelled.
    virtual void interrupt() = 0;
    // [task-thread] Exchanges may be made again.
    virtual void go_on() = 0;
};

class RunFactory {
  public:
    virtual ~RunFactory() = default;
    // [any-thread] Whether there are credentials to connect with.
    virtual bool configured() = 0;
    // [task-thread] Throws std::exception when the run can't even begin.
    virtual std::unique_ptr<StartedRun> start(sync::Run run, const Settings& settings) = 0;
    // [task-thread] The same over single records. A webhook's run adds what webhooks left to do; null when
    // nothing is left.
    virtual std::unique_ptr<StartedRun> look_at(sync::Run run, const Settings& settings,
                                                std::vector<std::string> ids) = 0;
};

// What a person should know, until it is over.
class Alerts {
  public:
    virtual ~Alerts() = default;
    virtual void raise(const std::string& id, const std::string& title, const std::string& text) = 0;
    virtual void clear(const std::string& id) = 0;
};

}  // namespace metakocka::schedule
