"""Who is answered how: every route × everybody who may ask. What is denied looks like what is not there."""

from typing import NamedTuple

ASKERS = (
    "stranger",
    "signed out",  # a device whose session was revoked
    "owner",  # Hà: the drafts, dossiers, files and news are hers
    "other",  # Toàn, another citizen
    "receptionist",  # officers of Mai Khê with one role each
    "processor",
    "approver",
    "leader",
    "clerk",
    "cashier",
    "administrator",
    "elsewhere",  # an officer of Đồng Sen with every role
)


class Row(NamedTuple):
    """One line of the table."""

    method: str
    template: str  # the route's path, as the router has it
    at: str  # what it is called on, where that matters: a dossier or a draft of tests/world.py
    guard: str  # as `backend.kit.access.audience` names it
    answers: dict[str, int]

    @property
    def name(self) -> str:
        """The line's first cell."""
        return f"{self.method} {self.template}" + (f" @{self.at}" if self.at else "")


def rows() -> list[Row]:
    """Read the table."""
    found = []
    for line in TABLE.strip().splitlines():
        if not line.strip() or line.startswith(("#", "-")):
            continue
        route, guard, *cells = (cell.strip() for cell in line.split("|"))
        method, template, *at = route.split()
        answers = [int(cell) for cell in " ".join(cells).split()]
        assert len(answers) == len(ASKERS), line
        found.append(
            Row(
                method,
                template,
                at[0].removeprefix("@") if at else "",
                SHORT.get(guard, guard),
                dict(zip(ASKERS, answers, strict=True)),
            )
        )
    return found


# What the longest guard is called here.
SHORT = {"reader": "officer approver clerk leader processor receptionist"}

# Columns: stranger, signed out | owner, other | receptionist processor approver leader clerk cashier administrator | elsewhere
# 401: the sign-in page · 303: sent on · 404: not there for them · 409, 422: refused in a sentence
TABLE = """
# kit
GET /a/{path:path}                                                 | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /manifest.webmanifest                                          | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /service_worker.js                                             | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /health/live                                                   | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /health/ready                                                  | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /giao-dien                                                    | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /giao-dien                                                     | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /he-thong/giao-dien                                            | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /he-thong/giao-dien/can-bo                                     | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /ngoai-tuyen                                                   | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200

# the door
GET /dang-nhap                                                     | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /dang-nhap                                                    | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
POST /tiep-tuc                                                     | signed in               | 401 401 | 409 409 | 409 409 409 409 409 409 409 | 409
POST /dang-xuat                                                    | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
POST /dang-ky                                                      | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /dang-ky                                                       | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /quen-mat-khau                                                 | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /quen-mat-khau                                                | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /quen-mat-khau/ma                                             | anyone                  | 422 422 | 422 422 | 422 422 422 422 422 422 422 | 422
GET /quen-mat-khau/ma                                              | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /du-lieu-ca-nhan                                               | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200

# what is one's own
GET /toi                                                           | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /toi/thong-tin                                                 | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /toi/thong-tin                                                | signed in               | 401 401 | 422 422 | 422 422 422 422 422 422 422 | 422
POST /toi/thong-tin/gui-lai                                        | signed in               | 401 401 | 404 404 | 404 404 404 404 404 404 404 | 404
POST /toi/thong-tin/email                                          | signed in               | 401 401 | 409 409 | 409 409 409 409 409 409 409 | 409
GET /toi/thong-tin/email                                           | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /toi/mat-khau                                                  | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /toi/mat-khau                                                 | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /toi/thiet-bi                                                  | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /toi/thiet-bi/{session:uuid}/dang-xuat                        | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /toi/thiet-bi/dang-xuat                                       | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /toi/dong-y                                                    | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /toi/dong-y/{purpose:str}                                     | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
POST /toi/dong-y/{purpose:str}/rut                                 | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /toi/du-lieu                                                   | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /xa                                                            | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /xa                                                           | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /toi/noi-o                                                     | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /toi/noi-o                                                    | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
POST /toi/noi-o/xoa                                                | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /thong-bao                                                     | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /thong-bao/{notification:uuid}                                 | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /thong-bao/da-doc                                             | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
POST /thong-bao/cai-dat                                            | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /thong-bao/so                                                  | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /luong                                                         | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
HEAD /luong                                                        | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200

# procedures
GET /                                                              | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /thu-tuc                                                       | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /thu-tuc/goi-y                                                 | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /thu-tuc/{address:str}                                         | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
POST /thu-tuc/{address:str}/xem                                    | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /thu-tuc/{address:str}/mau/{document:str}                      | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /api/v1/procedures                                             | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /api/v1/procedures.schema.json                                 | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200

# a draft on its way
POST /thu-tuc/{address:str}/nop                                    | signed in               | 401 401 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /nop/danh-sach-xa                                              | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /nop/{draft:uuid}/den-quay @prepared                           | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/den-quay/sua-lai @prepared                  | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}                                              | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/buoc/{number:int}                           | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}/buoc/{number:int}                            | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/buoc/{number:int}/luu                       | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/xoa                                         | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}/xoa                                          | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}/giay-to                                      | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}/giay-to @bare_draft                          | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/giay-to                                     | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/tep/{place:str}                             | signed in               | 401 401 | 201 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}/tep/{place:str}                              | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}/xem-lai                                      | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /nop/{draft:uuid}/xem-lai @prepared                            | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/gui                                         | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/gui @prepared                               | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/gui @counter_draft                          | signed in               | 401 401 | 303 404 | 404 404 404 404 404 404 404 | 404
POST /nop/{draft:uuid}/gui @bare_draft                             | signed in               | 401 401 | 422 404 | 404 404 404 404 404 404 404 | 404

# a dossier
GET /ho-so                                                         | signed in               | 401 401 | 200 200 | 200 200 200 200 200 200 200 | 200
GET /ho-so/{code:str}                                              | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /ho-so/{code:str} @delivered                                   | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /ho-so/{code:str} @refused                                     | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /ho-so/{code:str}/da-nop                                       | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /ho-so/{code:str}/giay/{paper:str}                             | signed in               | 401 401 | 200 404 | 404 404 404 404 404 404 404 | 404
GET /tep/{file:uuid}                                               | signed in               | 401 401 | 200 404 | 200 200 200 200 200 404 404 | 404
GET /tep/{file:uuid}/xem                                           | signed in               | 401 401 | 200 404 | 200 200 200 200 200 404 404 | 404
GET /tep/{file:uuid}/trang/{number:int}                            | signed in               | 401 401 | 200 404 | 200 200 200 200 200 404 404 | 404
GET /tep/{file:uuid}/trang/{number:int}/nho                        | signed in               | 401 401 | 200 404 | 200 200 200 200 200 404 404 | 404
GET /tra-cuu                                                       | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200
POST /tra-cuu                                                      | anyone                  | 303 303 | 303 303 | 303 303 303 303 303 303 303 | 303
GET /tra-cuu/{token:str}                                           | anyone                  | 200 200 | 200 200 | 200 200 200 200 200 200 200 | 200

# officers: people, colleagues, procedures
GET /can-bo                                                        | officer                 | 401 401 | 404 404 | 303 303 303 303 303 303 303 | 303
POST /can-bo/nguoi                                                 | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 200
GET /can-bo/nguoi                                                  | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 200
POST /can-bo/nguoi/the                                             | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 200
POST /can-bo/nguoi/xac-minh                                        | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 200
POST /can-bo/nguoi/ma                                              | officer receptionist    | 401 401 | 404 404 | 409 404 404 404 404 404 404 | 409
POST /can-bo/nguoi/mo                                              | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 200
GET /can-bo/nguoi/mo                                               | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 200
GET /can-bo/toi                                                    | officer                 | 401 401 | 404 404 | 200 200 200 200 200 200 200 | 200
POST /can-bo/toi/noi-lam/{place:uuid}                              | officer                 | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 404
GET /can-bo/can-bo                                                 | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
GET /can-bo/can-bo/them                                            | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
POST /can-bo/can-bo/them                                           | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 303
POST /can-bo/can-bo/{officer_id:uuid}                              | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 404
GET /can-bo/can-bo/{officer_id:uuid}                               | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 404
POST /can-bo/can-bo/{officer_id:uuid}/ket-thuc                     | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 404
POST /can-bo/can-bo/{officer_id:uuid}/ma                           | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 404
GET /can-bo/thu-tuc                                                | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
GET /can-bo/thu-tuc/{code:str}                                     | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
POST /can-bo/thu-tuc/{code:str}/nop-tren-mang                      | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 409
POST /can-bo/thu-tuc/{code:str}/muc-thu                            | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 303
GET /can-bo/lich                                                   | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
GET /can-bo/lich/ngay-nghi                                         | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
POST /can-bo/lich/ngay-nghi                                        | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 303
GET /can-bo/lich/lam-bu                                            | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
POST /can-bo/lich/lam-bu                                           | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 422
GET /can-bo/lich/gio                                               | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 200 | 200
POST /can-bo/lich/gio                                              | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 303
POST /can-bo/lich/ngay/{day:uuid}/rut                              | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 404
POST /can-bo/lich/gio/{hours:uuid}/rut                             | officer administrator   | 401 401 | 404 404 | 404 404 404 404 404 404 303 | 404

# officers: dossiers
GET /can-bo/viec                                                   | reader                  | 401 401 | 404 404 | 200 200 200 200 200 404 404 | 200
POST /can-bo/viec                                                  | reader                  | 401 401 | 404 404 | 200 200 200 200 200 404 404 | 200
POST /can-bo/viec/tim                                              | reader                  | 401 401 | 404 404 | 303 303 303 303 303 404 404 | 303
GET /can-bo/ho-so/{code:str}                                       | reader                  | 401 401 | 404 404 | 200 200 200 200 200 404 404 | 404
GET /can-bo/ho-so/{code:str} @delivered                            | reader                  | 401 401 | 404 404 | 200 200 200 200 200 404 404 | 404
GET /can-bo/ho-so/{code:str}/cung-xem                              | reader                  | 401 401 | 404 404 | 303 303 303 303 303 404 404 | 404
GET /can-bo/ho-so/{code:str}/dang-mo                               | reader                  | 401 401 | 404 404 | 200 200 200 200 200 404 404 | 404
GET /can-bo/ho-so/{code:str}/giay/{name:str}                       | reader                  | 401 401 | 404 404 | 200 200 200 200 200 404 404 | 404
GET /can-bo/ho-so/{code:str}/mau/{name:str}                        | reader                  | 401 401 | 404 404 | 200 200 200 200 200 404 404 | 404
POST /can-bo/ho-so/{code:str}/tiep-nhan @submitted                 | officer receptionist    | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/tiep-nhan @received                  | officer receptionist    | 401 401 | 404 404 | 409 404 404 404 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/tu-choi @submitted                   | officer receptionist    | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/tu-choi @received                    | officer receptionist    | 401 401 | 404 404 | 409 404 404 404 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/nhan-viec @received                  | reader                  | 401 401 | 404 404 | 409 303 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/giao-viec @in_process                | reader                  | 401 401 | 404 404 | 303 303 303 303 303 404 404 | 404
POST /can-bo/ho-so/{code:str}/chuyen-buoc @in_process              | reader                  | 401 401 | 404 404 | 409 303 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/chuyen-buoc @proposed                | reader                  | 401 401 | 404 404 | 409 409 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/de-nghi-khong-giai-quyet @in_process | reader                  | 401 401 | 404 404 | 409 303 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/khong-dong-y @proposed               | officer approver leader | 401 401 | 404 404 | 404 404 303 303 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/khong-giai-quyet @proposed           | officer approver leader | 401 401 | 404 404 | 404 404 303 303 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/chuyen-co-quan @in_process           | reader                  | 401 401 | 404 404 | 409 422 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/ket-qua @in_process                  | reader                  | 401 401 | 404 404 | 409 303 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/ket-qua @issued                      | reader                  | 401 401 | 404 404 | 409 409 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/tra-ket-qua @issued                  | reader                  | 401 401 | 404 404 | 303 409 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/tra-ket-qua @received                | reader                  | 401 401 | 404 404 | 409 409 409 409 409 404 404 | 404
POST /can-bo/ho-so/{code:str}/ghi-chu @in_process                  | reader                  | 401 401 | 404 404 | 303 303 303 303 303 404 404 | 404
POST /can-bo/ho-so/{code:str}/ghi-chu @delivered                   | reader                  | 401 401 | 404 404 | 303 303 303 303 303 404 404 | 404
POST /can-bo/ho-so/{code:str}/ma-he-thong-khac @in_process         | officer processor receptionist | 401 401 | 404 404 | 303 303 404 404 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/bo-ma-ghi-nham @in_process           | officer processor receptionist | 401 401 | 404 404 | 422 422 404 404 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/xac-nhan-mien-giam @in_process       | officer receptionist    | 401 401 | 404 404 | 409 404 404 404 404 404 404 | 404
POST /can-bo/ho-so/{code:str}/khong-mien-giam @in_process          | officer receptionist    | 401 401 | 404 404 | 409 404 404 404 404 404 404 | 404

# officers: the counter
GET /can-bo/quay                                                   | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 200
POST /can-bo/quay/ma                                               | officer receptionist    | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 404
POST /can-bo/quay/bat-dau                                          | officer receptionist    | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 303
GET /can-bo/quay/{draft:uuid}                                      | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 404
GET /can-bo/quay/{draft:uuid}/buoc/{number:int}                    | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/buoc/{number:int}                   | officer receptionist    | 401 401 | 404 404 | 422 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/buoc/{number:int}/luu               | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/the                                 | officer receptionist    | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/giay                                | officer receptionist    | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/giay/luu                            | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/nhan                                | officer receptionist    | 401 401 | 404 404 | 422 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/nhan @filled_at_counter             | officer receptionist    | 401 401 | 404 404 | 422 404 404 404 404 404 404 | 404
POST /can-bo/quay/{draft:uuid}/bo                                  | officer receptionist    | 401 401 | 404 404 | 303 404 404 404 404 404 404 | 404
GET /can-bo/quay/xong/{code:str}                                   | officer receptionist    | 401 401 | 404 404 | 200 404 404 404 404 404 404 | 404
"""  # noqa: E501
