"""Which wallet backs which positions: a pool for each isolated position, then the cross pools of the asset mode.

In single mode each asset of the wallet is a cross pool of its own. In multi mode one pool, cross:USD, holds every asset
beside the isolated margins, each at its price and haircut.
"""

from decimal import Decimal
from fractions import Fraction

from margin_engine.model.book import AssetMode, Book, Collateral, MarginMode
from margin_engine.model.decimals import ONE, ZERO, plain
from margin_engine.model.errors import InconsistentBook
from margin_engine.model.pools import BackingAsset, Holding, Pool, decimal_of

SHARED_POOL, VALUE_ASSET = "cross:USD", "USD"
STABLE_ASSETS = ("USD", "USDT", "USDC", "FDUSD", "DAI", "USDE", "TUSD")
"""What counts at price 1 without haircut in multi mode where the book says nothing else."""


def partitioned(
    book: Book, holdings: list[Holding], assumptions: list[str]
) -> tuple[tuple[Pool, ...], dict[str, Decimal], tuple[Decimal, ...]]:
    """The pools of a book, its whole wallet, and the betas of the collateral that moves.

    What is assumed on the way is added to `assumptions`. Raises InconsistentBook where the wallet does not hold what
    the positions need, or an asset has no price.
    """
    margins = {h.label: h.own_margin for h in holdings if h.position.margin_mode is MarginMode.ISOLATED}
    multi = book.asset_mode == AssetMode.MULTI
    wallet = _wallet(book, holdings, multi=multi)
    shared = _shared_balances(wallet, holdings, margins)
    assumptions += _assumed_margins(holdings, margins)
    pools = [
        _pool(holding.position.id, holding.label, holding.terms.settle_asset, margins[holding.label], [holding])
        for holding in holdings
        if holding.label in margins
    ]
    cross = [holding for holding in holdings if holding.label not in margins]
    if multi:
        pools.append(_shared_pool(book, shared, cross, assumptions))
        moving = tuple(book.betas[asset] for asset in dict.fromkeys([*book.collateral, *shared]) if asset in book.betas)
        return tuple(pools), wallet, moving
    assumptions += [f"collateral: {asset} does not count, asset_mode is single" for asset in book.collateral]
    for number, (asset, balance) in enumerate(shared.items(), start=1):
        own = [holding for holding in cross if holding.terms.settle_asset == asset]
        pools.append(_pool(f"cross:{asset}", f"cross_{_label(asset, number)}", asset, balance, own))
    return tuple(pools), wallet, ()


def _label(asset: str, number: int) -> str:
    return asset if asset.isascii() and asset.isalnum() else f"x{number}"


def _wallet(book: Book, holdings: list[Holding], *, multi: bool) -> dict[str, Decimal]:
    """The wallet by asset. In multi mode a position may settle in an asset that the wallet does not hold."""
    wallet = dict(book.wallet)
    for index, holding in enumerate(holdings):
        asset = holding.terms.settle_asset
        if asset not in wallet and not multi:
            field = f"positions[{index}].contract.settle_asset"
            raise InconsistentBook(field=field, value=asset, rule="must be an asset of wallet")
        wallet.setdefault(asset, ZERO)
    return wallet


def _shared_balances(
    wallet: dict[str, Decimal], holdings: list[Holding], margins: dict[str, Fraction]
) -> dict[str, Fraction]:
    """What the wallet holds of each asset beside the isolated margins, which are given by label."""
    left = {asset: Fraction(balance) for asset, balance in wallet.items()}
    for holding in holdings:
        if holding.label in margins:
            left[holding.terms.settle_asset] -= margins[holding.label]
    for holding in holdings:
        asset = holding.terms.settle_asset
        if holding.label in margins and left[asset] < 0:
            rule = f"must cover the isolated margins of {plain(decimal_of(Fraction(wallet[asset]) - left[asset]))}"
            raise InconsistentBook(field=f"wallet.{asset}", value=plain(wallet[asset]), rule=rule)
    return left


def _assumed_margins(holdings: list[Holding], margins: dict[str, Fraction]) -> list[str]:
    return [
        f"isolated_margin: {holding.position.id} its initial margin at entry, "
        f"{plain(decimal_of(margins[holding.label]))}"
        for holding in holdings
        if holding.label in margins and holding.position.isolated_margin is None
    ]


def _pool(identity: str, label: str, asset: str, balance: Fraction, holdings: list[Holding]) -> Pool:
    return Pool(
        id=identity,
        label=label,
        asset=asset,
        mode=MarginMode.CROSS if identity.startswith("cross:") else MarginMode.ISOLATED,
        exact_balance=balance,
        wallet_balance=decimal_of(balance),
        holdings=tuple(holdings),
    )


def _shared_pool(book: Book, shared: dict[str, Fraction], cross: list[Holding], assumptions: list[str]) -> Pool:
    """The one cross pool of multi mode. Its wallet balance is balance x price, without haircut or PnL."""
    assets = [
        _backing(book, asset, number, balance, assumptions)
        for number, (asset, balance) in enumerate(shared.items(), start=1)
    ]
    balance = sum((asset.exact_balance * Fraction(asset.price) for asset in assets), start=Fraction(0))
    return Pool(
        id=SHARED_POOL,
        label="cross_USD",
        asset=VALUE_ASSET,
        mode=MarginMode.CROSS,
        exact_balance=balance,
        wallet_balance=decimal_of(balance),
        holdings=tuple(cross),
        assets=tuple(assets),
    )


def _backing(book: Book, asset: str, number: int, balance: Fraction, assumptions: list[str]) -> BackingAsset:
    given = book.collateral.get(asset)
    if given is None and asset not in STABLE_ASSETS:
        rule = f"must be given in asset_mode multi: the price of {asset} in USD"
        raise InconsistentBook(field=f"collateral.{asset}", value="nothing", rule=rule)
    if given is None:
        assumptions.append(f"collateral: {asset} at a price of 1 USD without haircut")
    elif asset not in book.betas:
        assumptions.append(f"collateral: {asset} keeps its price in market-wide figures, betas does not name it")
    if given is not None and book.shocks and asset not in book.shocks:
        assumptions.append(f"collateral: {asset} keeps its price along the shocks, shocks does not name it")
    counts = given or Collateral(price=ONE)
    return BackingAsset(
        asset=asset,
        label=_label(asset, number),
        exact_balance=balance,
        balance=decimal_of(balance),
        price=counts.price,
        haircut=counts.haircut,
        beta=book.betas.get(asset, ZERO),
        shock=book.shocks.get(asset, ZERO),
        stated=given is not None,
    )
