// What goes wrong with the module's database.
#pragma once

#include <stdexcept>
#include <string>

namespace metakocka::store {

enum class StoreProblem {
    kBusy,         // another process holds the database for longer than the busy timeout
    kFull,         // no room on the disk
    kReadOnly,     // no right to write, or to open
    kCorrupt,      // the file is damaged or no database
    kConstraint,   // for example two links to one CRM record
    kNewerSchema,  // written by a newer version of this module
    kInput,        // a cursor or a stored text that makes no sense
    kOther,
};

class StoreError : public std::runtime_error {
  public:
    StoreError(StoreProblem problem, const std::string& text) : std::runtime_error(text), problem_(problem) {}
    StoreProblem problem() const noexcept { return problem_; }

  private:
    StoreProblem problem_;
};

}  // namespace metakocka::store
