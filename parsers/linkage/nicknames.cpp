#include <hl7flow/parsers/linkage/nicknames.h>

#include <algorithm>
#include <vector>

namespace hl7flow::linkage {

namespace {

/// A line for each group. No name is in two.
constexpr std::string_view groups[] = {
    "aaron ron",
    "abigail abby abbie gail",
    "abraham abe abram bram",
    "adelaide addie adele",
    "agnes aggie",
    "albert al bert bertie",
    "alexander alexandra alex alec lex sandy xander sasha alexis",
    "alfred alf alfie fred freddie freddy frederick frederic fritz",
    "alice allie alicia",
    "amanda mandy manda",
    "amelia emily millie milly emmeline",
    "andrew andy drew",
    "angela angie angelina",
    "ann anne anna annie anita nan nancy hannah nina",
    "anthony antony tony anton antonio",
    "archibald archie",
    "arthur art artie",
    "augustus august augustine gus",
    "barbara barb barbie babs bobbie",
    "bartholomew bart",
    "beatrice bea trixie bee",
    "benjamin ben benny benji",
    "bernard bernie barney",
    "bradley brad bradford",
    "brenda bren",
    "caleb cal calvin",
    "cameron cam",
    "carolyn caroline carol carrie caro lynn",
    "catherine katherine kathryn katharine kathleen cathy kathy kate katie kay kit kitty cat",
    "charles charlie chuck chas charley carl karl carlos",
    "charlotte lottie lotte",
    "chester chet",
    "christopher christine christina chris kris christian kristin kristen tina christy chrissie",
    "clarence clare",
    "clifford cliff",
    "clinton clint",
    "constance connie",
    "cornelius corny neil",
    "cynthia cindy",
    "daniel danielle dan danny dani",
    "david dave davey davy",
    "deborah debra deb debbie debby",
    "dennis denny",
    "diana diane di dianne",
    "dolores lola",
    "dominic dominick dom",
    "donald don donnie donny",
    "dorothy dot dottie dolly dora dorothea",
    "douglas doug",
    "edward ed eddie eddy ted teddy ned edmund edwin edgar theodore theo",
    "eleanor elinor ellen helen ella nell nellie nora lenora elena helena",
    "elizabeth elisabeth liz lizzie beth betty betsy bess bessie eliza elsie libby lisa liza",
    "elijah eli",
    "emma em emmy",
    "ernest ernie",
    "esther hester essie",
    "eugene gene",
    "evelyn eve eva evie",
    "florence flo flossie",
    "frances francis frank fran frankie francine franklin fannie",
    "gabriel gabriella gabrielle gabe gabby",
    "geoffrey jeffrey jeff geoff jeffery",
    "george georgie",
    "gerald jerry gerry gerard jerome geraldine",
    "gertrude trudy gert gertie",
    "gilbert gil",
    "grace gracie",
    "gregory greg gregg",
    "harold harry hal henry hank harriet hattie",
    "herbert herb",
    "howard howie",
    "hubert hugh hugo huey",
    "irene rene",
    "isaac ike",
    "isabel isabella isabelle belle bella izzy",
    "jacob jake jakob",
    "jacqueline jackie jacquelyn",
    "james jim jimmy jamie jem jimmie",
    "jane janet jennie jan janie jean jeanne jeanette",
    "jason jay",
    "jennifer jen jenny",
    "jessica jess jessie",
    "john johnny jack jon johnnie jonathan johnathan jonny jonathon",
    "joseph joe joey jo josephine josie",
    "joshua josh",
    "joyce joy",
    "judith judy judi",
    "julia julie juliet jules julian",
    "justin justine",
    "kenneth ken kenny",
    "kimberly kim kimberley",
    "lawrence laurence larry lars lorenzo",
    "leonard leo lenny len leon leonardo",
    "leslie les lesley",
    "lewis louis lou louie louise luis",
    "lillian lily lilian lilly",
    "linda lindy lynda",
    "lucy lucille lucia lucinda",
    "madeline maddie madeleine madelyn",
    "margaret maggie meg peggy peg marge margie greta rita madge margarita margery marjorie daisy",
    "martha marty martin",
    "mary marie maria mamie molly polly mae may minnie miriam marian maryann",
    "matilda tilda tillie",
    "matthew matt matty mathew matthias",
    "maurice morris mo",
    "maxwell max maximilian maxine",
    "melissa missy mel melanie melinda",
    "michael mike mick mickey mikey micheal michelle shelly michele",
    "mitchell mitch",
    "montgomery monty",
    "nathan nathaniel nate nat nathanael",
    "nicholas nick nicolas nico nicky nicole nikki",
    "norman norm",
    "oliver ollie olivia liv livvy",
    "oscar ozzie",
    "pamela pam",
    "patricia patrick pat patty trish tricia patsy paddy patti",
    "paul paula pauline",
    "peter pete",
    "philip phillip phil pip",
    "priscilla cilla",
    "rachel rae rachael shelley",
    "randolph randy randall randal",
    "raymond ray",
    "rebecca becky becca reba rebekah",
    "reginald reg reggie",
    "richard rick dick rich ricky richie ritchie dickie rickey",
    "robert bob bobby rob robbie robin roberta bobbi",
    "rodney rod",
    "roger rodge",
    "ronald ronnie ronny",
    "rose rosie rosa rosemary rosalie",
    "russell russ rusty",
    "ruth ruthie",
    "samuel samantha sam sammy sammie",
    "sarah sara sally sadie",
    "sebastian seb",
    "sharon shari",
    "sheila shelia",
    "sidney sid sydney",
    "simon sy",
    "solomon sol",
    "sophia sophie sofia",
    "stanley stan",
    "stephen steven steve stevie stephan stephanie steph",
    "stuart stewart stu",
    "susan sue susie suzanne susanna suzie susannah suzy",
    "sylvester sly",
    "sylvia silvia",
    "teresa theresa terry tess tessa therese terri terrance terence terrence",
    "thomas tom tommy",
    "timothy tim timmy",
    "tobias toby",
    "tyler ty",
    "valerie val",
    "vanessa nessa",
    "veronica ronni",
    "victor vic victoria vicky vicki tori vickie",
    "vincent vince vin vinny",
    "virginia ginny ginger",
    "vivian viv vivienne",
    "walter walt wally",
    "wilfred wilf",
    "william bill will billy willy willie liam wm",
    "winifred winnie",
    "yvonne evonne",
    "zachary zach zack zachariah zac",
};

struct Nickname {
  std::string_view name;
  std::uint16_t group = 0;
};

/// Names by hash, in as many slots as a power of two, of which most are empty.
class Nicknames {
 public:
  Nicknames() {
    std::uint16_t number = 0;
    for (std::string_view rest : groups) {
      ++number;
      while (!rest.empty()) {
        std::size_t const end = std::min(rest.find(' '), rest.size());
        slot(rest.substr(0, end)) = {rest.substr(0, end), number};
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }
  std::uint16_t group(std::string_view name) const noexcept {
    std::size_t k = place(name);
    while (!slots_[k].name.empty() && slots_[k].name != name) k = (k + 1) % slots_.size();
    return slots_[k].group;
  }

 private:
  static std::size_t place(std::string_view name) noexcept {
    std::uint32_t hash = 0x811c9dc5u;
    for (char const c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193u;
    return (hash ^ hash >> 15) % 4096;
  }
  Nickname& slot(std::string_view name) noexcept {
    std::size_t k = place(name);
    while (!slots_[k].name.empty()) k = (k + 1) % slots_.size();
    return slots_[k];
  }

  std::vector<Nickname> slots_ = std::vector<Nickname>(4096);
};

}  // namespace

std::uint16_t nickname_group(std::string_view given_name) noexcept {
  static Nicknames const all;
  return given_name.empty() ? std::uint16_t{0} : all.group(given_name);
}

}  // namespace hl7flow::linkage
