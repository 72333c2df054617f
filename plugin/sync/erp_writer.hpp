// Writes one record to the ERP, announced by an intent before it is sent.
#pragma once

#include <string>

#include "sync/intents.hpp"
#include "sync/subject.hpp"

namespace metakocka::sync {

class ErpWriter {
  public:
    enum class Outcome {
        kDone,       // the subject is as the ERP has it now, and its link is in the batch: judge it again
        kReadAgain,  // somebody changed it meanwhile; nothing was written, the subject has the new values
        kRefused,    // nothing was written; `problem` says why
    };
    struct Result {
        Outcome outcome{};
        std::string problem;
    };

    ErpWriter(Ports ports, RecordKind kind, Intents& intents)
        : ports_(ports), kind_(kind), intents_(intents) {}

    // Carry out what the plan wants of the ERP. Throw ErpError; Intents finds out in a later run what has
    // become of the write then.
    Result add(Run& run, Batch& batch, Subject& subject, const Plan& plan);
    Result update(Run& run, Batch& batch, Subject& subject, const Plan& plan);

  private:
    void link(Batch& batch, Subject& subject, Record base);

    Ports ports_;
    RecordKind kind_;
    Intents& intents_;
};

}  // namespace metakocka::sync
